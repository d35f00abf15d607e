import { join } from 'node:path';
import { type ChosenPack, defined, SlipwayError, throwIfAny } from '@slipway/core';
import { findingOfProblem, NEWEST_KUBERNETES_VERSION } from '@slipway/policy';
import { type FileSource, type ManifestObject, REPORT_FILE, readReadable } from '@slipway/render';
import { leadsOut } from '../base-rules/own-paths.ts';
import type { BaselineQuery } from '../old-objects/baseline.ts';
import { compare, readBefore, withOld } from '../old-objects/compare-with.ts';
import { openBaseline, plainBase } from '../old-objects/open-baseline.ts';
import { ruleChanges } from '../rules/changes.ts';
import type { ExtraRules } from '../rules/requested-rules.ts';
import type { Rules, RulesInForce } from '../rules/rules.ts';
import type { Target, TargetContext } from './target.ts';

/** What plain manifests are checked by unless the request says something else: advice, since no one has chosen it. */
const DEFAULT_PACKS: readonly ChosenPack[] = ['workloads', 'references', 'pod-security/baseline'].map(
  pack => ({ pack, level: 'warn' }),
);

const ADVICE = `Plain manifests get warnings from the packs ${DEFAULT_PACKS.map(({ pack }) => pack).join(', ')}: name packs in the input "packs", or none`;

/** Manifests that Slipway did not render, such as Helm's. No formation says which rules apply to them. */
export async function plainTarget(paths: readonly string[], context: TargetContext): Promise<Target> {
  const { request, surroundings } = context;
  const { workspace, temporaryDirectory, signal, logger } = surroundings;
  const { objects, warnings, problems } = await readReadable(paths, workspace);
  // What is wrong in a file becomes a finding, so that there is a report of it; a path without files is the failure.
  if (objects.length === 0) throwIfAny(problems.filter(({ at }) => at === undefined));
  const rules = plainRules(context);
  if (context.requested.packs === undefined) logger.info(ADVICE);
  const { namespace } = request;
  const ofBase = context.base && plainBase(context.base, context);
  const query: BaselineQuery = {
    // Only what compares asks for all objects at once.
    get objects() {
      return objects.map(({ object }) => object);
    },
    namespace,
  };
  const before = await readBefore(ofBase, query);
  const baseline = await openBaseline(context, { ofBase });
  const comparison = await compare({ baseline, ofBase }, request.baseline, query, rules);
  const uncommitted = await firstUncommitted(objects, context);
  return {
    name: 'manifests',
    subjects: {
      objects: withOld(objects, comparison.old, namespace),
      namespace,
      kubernetesVersion: request.kubernetesVersion ?? NEWEST_KUBERNETES_VERSION,
      signal,
      ...defined({ before: comparison.before }),
    },
    rules,
    // Objects that cannot be read must not look as if they had been removed, nor those that a step of the job wrote as if they were new.
    ...defined({
      before: problems.length === 0 && uncommitted === undefined ? before : undefined,
      uncommitted,
    }),
    findings: [
      ...problems.map(problem => findingOfProblem(problem, 'schema/unreadable', 'error')),
      ...warnings.map(warning => findingOfProblem(warning, 'schema/duplicate-key', 'warning')),
      ...comparison.findings,
      ...(rules.base === undefined ? [] : ruleChanges(rules.own, rules.base)),
    ],
    reportPath: join(temporaryDirectory, 'slipway', REPORT_FILE),
  };
}

function plainRules({ requested: { packs = DEFAULT_PACKS, own, base } }: TargetContext): RulesInForce {
  const rulesOf = (files: ExtraRules): Rules => ({ ...files, packs, namespaces: [] });
  return { own: rulesOf(own), ...(base === undefined ? {} : { base: rulesOf(base) }) };
}

/** The first file that the commit that is checked out does not have, so that the base commit cannot have it as it was either. */
async function firstUncommitted(
  objects: readonly ManifestObject[],
  { base, history: open }: TargetContext,
): Promise<string | undefined> {
  const history = base && (await open());
  if (base === undefined || history?.head === undefined) return undefined;
  const checkedOut = await history.files(history.head);
  const files = [...new Set(objects.map(({ file }) => file))];
  const committed = await Promise.all(
    files.map(async file => (await isFileOf(base.files, file)) || (await isFileOf(checkedOut, file))),
  );
  return files.find((_, index) => !committed[index]);
}

/** A file that is there and cannot be read, such as a link that leads out, is there. */
async function isFileOf(files: FileSource, path: string): Promise<boolean> {
  if (leadsOut(path)) return false;
  try {
    return (await files.read(path)) !== undefined;
  } catch (error) {
    if (error instanceof SlipwayError) return true;
    throw error;
  }
}
