import { type Finding, SlipwayError } from '@slipway/core';
import { isKubernetesObject, keyOf } from '@slipway/kubernetes';
import type { CheckedObject } from '@slipway/policy';
import type { ManifestObject } from '@slipway/render';
import { findingFor } from '../rules/finding-for.ts';
import type { RulesInForce } from '../rules/rules.ts';
import type { Baseline, BaselineQuery, OldObjects } from './baseline.ts';

export interface Comparison {
  readonly old: OldObjects;
  /** What could not be compared. */
  readonly findings: readonly Finding[];
}

const NOTHING: OldObjects = new Map();

/**
 * Reads the objects as they were before. If they cannot be read, that is an error where a rule needs them, since a change that was not
 * compared must not pass as no change; otherwise it is a notice.
 */
export async function compareWith(
  baseline: Baseline | undefined,
  query: BaselineQuery,
  rules: RulesInForce,
): Promise<Comparison> {
  if (baseline === undefined) return { old: NOTHING, findings: [] };
  try {
    const old = await baseline(query);
    const isMissing = query.rendered === undefined && old?.size === 0 && looksBack(rules);
    return { old: old ?? NOTHING, findings: isMissing ? [notFound()] : [] };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const severity = looksBack(rules) ? 'error' : 'notice';
    const findings = error.problems.map(({ code, subject, ...problem }) =>
      findingFor('baseline/unreadable', severity, {
        ...problem,
        subject: [code, ...(subject === undefined ? [] : [subject])],
        message: `the objects to compare with cannot be read: ${problem.message}`,
      }),
    );
    return { old: NOTHING, findings };
  }
}

/**
 * All that the base commit has, nothing if it does not have the target; undefined without a base commit, or if that cannot be read,
 * since the rules of a base that cannot be rendered apply all the same.
 */
export async function readBefore(
  ofBase: Baseline | undefined,
  query: BaselineQuery,
): Promise<OldObjects | undefined> {
  try {
    return ofBase && ((await ofBase(query)) ?? NOTHING);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

function notFound(): Finding {
  return findingFor('baseline/empty', 'warning', {
    message: 'the base commit has none of these manifests, so change policies treat every object as new',
    remedy: 'set "baseline" to manifests that were made from the base, or to cluster',
    subject: [],
  });
}

/** Whether a policy or a transition rule reads the old object: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ */
function looksBack({ own, base }: RulesInForce): boolean {
  return [own, base].some(rules =>
    [...(rules?.policies ?? []), ...(rules?.definitions ?? [])]
      .filter(({ value }) => isKubernetesObject(value))
      .some(({ value }) => /\bold(?:Object|Self)\b/.test(JSON.stringify(value, withoutBigInts))),
  );
}

function withoutBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** The manifests, each with the object as it was before. */
export function withOld(
  objects: readonly ManifestObject[],
  old: OldObjects,
  namespace: string,
): readonly CheckedObject[] {
  if (old.size === 0) return objects;
  return objects.map((manifest): CheckedObject => {
    const before = old.get(keyOf(manifest.object, namespace));
    if (before === undefined) return manifest;
    return {
      object: manifest.object,
      old: before,
      positionAt: pointer => manifest.positionAt(pointer),
      relatedTo: pointer => manifest.relatedTo(pointer),
    };
  });
}
