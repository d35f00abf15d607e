import type { ClusterClient } from '@slipway/cluster';
import { type Finding, formatPointer, formatProblem, type Problem, type SourceDocument } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { CheckedObject } from '@slipway/policy';
import { askRules, findingProblem, type PreparedRelease, type Rules, statesOf } from '@slipway/release';
import { type ManifestObject, readManifests } from '@slipway/render';
import type { Inputs } from './inputs.ts';
import type { Checkout, Source } from './source.ts';

export interface PolicyContext {
  readonly client: ClusterClient;
  readonly rules: Rules;
  readonly runner: Runner;
}

/** What holds here: the rules of the files, and those that the inputs add. */
export async function readRules(
  { policies, packs }: Pick<Source, 'policies' | 'packs'>,
  inputs: Inputs,
  { workspace }: Pick<Runner, 'workspace'>,
): Promise<Rules> {
  const added = inputs.policies.length === 0 ? [] : (await readManifests(inputs.policies, workspace)).objects;
  return {
    documents: [...policies, ...added.map(documentOf)],
    packs: [...new Set([...packs, ...inputs.packs])],
  };
}

/** The rules of a checkout, for what was deployed from it. */
export function checkoutRules(checkout: Checkout | undefined): Pick<Source, 'policies' | 'packs'> {
  return {
    policies: checkout?.repository.policies ?? [],
    packs: checkout?.formation.spec.policies?.packs ?? [],
  };
}

/**
 * Checks the release once more with the code of policy-check, now with the objects as the server would store them and as they
 * are. What policies want signed off counts as refused.
 * @returns the refusals; warnings go to the log
 */
export async function policyProblems(
  source: Source,
  prepared: PreparedRelease,
  { client, rules, runner }: PolicyContext,
): Promise<Problem[]> {
  const { identity } = source;
  const objects = checkedObjects(source, prepared);
  const { signal, logger } = runner;
  const findings = await askRules({ client, identity, objects, rules, signal, now: new Date() });
  for (const finding of findings)
    if (!refuses(finding)) logger.info(`${finding.severity}: ${formatProblem(findingProblem(finding))}`);
  return findings.filter(refuses).map(refusal);
}

function refuses({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'sign-off';
}

function refusal(finding: Finding): Problem {
  const problem = findingProblem(finding);
  return finding.severity === 'sign-off'
    ? { ...problem, message: `${problem.message} (wants to be signed off)` }
    : problem;
}

function checkedObjects(source: Source, prepared: PreparedRelease): CheckedObject[] {
  const states = statesOf(prepared);
  return source.objects.map(manifest => ({
    ...states.get(manifest.object),
    object: manifest.object,
    placeOf: pointer => manifest.placeOf(pointer),
  }));
}

function documentOf(manifest: ManifestObject): SourceDocument {
  return {
    path: manifest.file,
    index: manifest.document,
    value: manifest.object,
    positionOf: path => manifest.placeOf(formatPointer(path)),
    keyPositionOf: path => manifest.placeOf(formatPointer(path)),
  };
}
