import type { ClusterClient } from '@slipway/cluster';
import { type Finding, formatProblem, type Problem } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { CheckedObject } from '@slipway/policy';
import { askRules, findingProblem, type PreparedRelease, type Rules, statesOf } from '@slipway/release';
import { documentOf, readManifests } from '@slipway/render';
import type { Inputs } from './inputs.ts';
import type { SignOffs } from './sign-offs.ts';
import type { Checkout, Source } from './source.ts';

export interface PolicyContext {
  readonly client: ClusterClient;
  readonly rules: Rules;
  readonly signOffs: SignOffs;
  readonly runner: Runner;
}

/** What holds here: the rules of the files, and those that the inputs add. */
export async function readRules(
  { policies, packs }: Pick<Source, 'policies' | 'packs'>,
  inputs: Inputs,
  { workspace }: Pick<Runner, 'workspace'>,
): Promise<Rules> {
  const paths = [...inputs.policies, ...inputs.waivers, ...inputs.crds];
  const added = paths.length === 0 ? [] : (await readManifests(paths, workspace)).objects;
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
 * are. What policies want signed off is refused until somebody entitled approved it.
 * @returns the refusals; warnings go to the log
 */
export async function policyProblems(
  source: Source,
  prepared: PreparedRelease,
  { client, rules, signOffs, runner }: PolicyContext,
): Promise<Problem[]> {
  const { identity } = source;
  const objects = checkedObjects(source, prepared);
  const { signal, logger } = runner;
  const findings = await askRules({ client, identity, objects, rules, signal, now: new Date() });
  const [open, decided] = [findings.filter(isSignOff), findings.filter(finding => !isSignOff(finding))];
  for (const finding of decided)
    if (finding.severity !== 'error')
      logger.info(`${finding.severity}: ${formatProblem(findingProblem(finding))}`);
  const refusals = decided.filter(({ severity }) => severity === 'error').map(findingProblem);
  return [...refusals, ...(await signOffs.settle(open, prepared.previous))];
}

function isSignOff({ severity }: Finding): boolean {
  return severity === 'sign-off';
}

function checkedObjects(source: Source, prepared: PreparedRelease): CheckedObject[] {
  const states = statesOf(prepared);
  return source.objects.map(manifest => ({
    ...states.get(manifest.object),
    object: manifest.object,
    placeOf: pointer => manifest.placeOf(pointer),
  }));
}
