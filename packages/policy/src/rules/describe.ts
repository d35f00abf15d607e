import { defined, isJsonObject, type Severity } from '@slipway/core';
import { annotationsOf, FIX, type KubernetesObject, RULE, SINCE, UNTIL, WHY } from '@slipway/kubernetes';
import { disruptionRules } from '../packs/disruption-rules.ts';
import { readPackObjects } from '../packs/pack-files.ts';
import { referenceRules } from '../packs/references/rules.ts';
import { ownRules } from './own-rules.ts';

/** What a page of docs/rules says about a rule. */
export interface DescribedRule {
  readonly name: string;
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  /** A pack with some rules of its page, this one among them. */
  readonly smallerPack?: string;
  /** The first and the last minor version of Kubernetes that it is for, if it is not for all. */
  readonly since?: string;
  readonly until?: string;
}

/** All built-in rules, by pack and in the order of its file. */
export function describeRules(): ReadonlyMap<string, readonly DescribedRule[]> {
  const pages = new Map<string, readonly DescribedRule[]>();
  for (const { name, pack, objects } of readPackObjects()) {
    const rules = mergeVersions(policyRules(objects));
    const smallerPack = pack === name ? undefined : pack;
    const described = rules.map(rule => ({ ...rule, ...defined({ smallerPack }) }));
    pages.set(name, [...(pages.get(name) ?? []), ...described]);
  }
  pages.set('workloads', [...(pages.get('workloads') ?? []), ...named(disruptionRules)]);
  pages.set('references', named(referenceRules));
  for (const [page, rules] of Object.entries(ownRules)) pages.set(page, named(rules));
  return pages;
}

function named(rules: Readonly<Record<string, Omit<DescribedRule, 'name'>>>): DescribedRule[] {
  return Object.entries(rules).map(([name, { severity, why, fix }]) => ({ name, severity, why, fix }));
}

function policyRules(objects: readonly KubernetesObject[]): DescribedRule[] {
  return objects
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
    .map(object => {
      const { name } = object.metadata;
      const text = annotationsOf(object);
      const [since, until] = [text[SINCE], text[UNTIL]];
      return {
        name: text[RULE] ?? name,
        severity: actionsOf(name, objects).includes('Deny') ? 'error' : 'warning',
        why: text[WHY] ?? '',
        fix: text[FIX] ?? '',
        ...defined({ since, until }),
      };
    });
}

function actionsOf(policy: string, objects: readonly KubernetesObject[]): readonly unknown[] {
  const specs = objects.map(object => object['spec']).filter(isJsonObject);
  const actions = specs.find(({ policyName }) => policyName === policy)?.['validationActions'];
  return Array.isArray(actions) ? actions : [];
}

/** A rule with several forms for different versions of Kubernetes is one rule, which its newest form explains. */
function mergeVersions(rules: readonly DescribedRule[]): DescribedRule[] {
  return rules
    .filter(({ name, until }) => until === undefined || !rules.some(other => isLater(other, name, until)))
    .map(rule => {
      const earlier = rules.some(
        ({ name, until }) => name === rule.name && until !== undefined && until !== rule.until,
      );
      if (!earlier) return rule;
      const { since: _, ...always } = rule;
      return always;
    });
}

function isLater({ name, since }: DescribedRule, of: string, until: string): boolean {
  return name === of && since !== undefined && Number(since.slice(2)) > Number(until.slice(2));
}
