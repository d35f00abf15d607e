import type { ClusterClient } from '@slipway/cluster';
import { type Finding, formatProblem, type Problem, strictestPacks } from '@slipway/core';
import type { CheckedObject } from '@slipway/policy';
import { askRules, findingProblem, type PreparedRelease, type Rules, statesOf } from '@slipway/release';
import { documentOf, readManifests } from '@slipway/render';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Checkout } from '../formation/checkout.ts';
import type { AddedRules } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { SignOffs } from './sign-offs.ts';
import { isToldBy } from './told-by-server.ts';

export interface PolicyContext {
  readonly client: ClusterClient;
  readonly rules: Rules;
  readonly signOffs: SignOffs;
  /** The commit that is promoted; undefined for what is checked out. */
  readonly promoted: string | undefined;
  readonly surroundings: Pick<DeliverySurroundings, 'logger' | 'signal' | 'clock'>;
}

/** The rules of the application's files, and those that the caller adds. */
export async function readRules(
  { policies, packs }: Pick<DesiredState, 'policies' | 'packs'>,
  added: AddedRules,
  workspace: string,
): Promise<Rules> {
  const paths = [...added.policies, ...added.waivers, ...added.crds];
  const files = paths.length === 0 ? [] : (await readManifests(paths, workspace)).objects;
  return {
    documents: [...policies, ...files.map(documentOf)],
    packs: strictestPacks([...packs, ...added.packs]),
  };
}

/** The rules of a checkout, for a release that was deployed from it. */
export function checkoutRules(checkout: Checkout | undefined): Pick<DesiredState, 'policies' | 'packs'> {
  return {
    policies: checkout?.repository.policies ?? [],
    packs: checkout?.formation.spec.policies?.packs ?? [],
  };
}

/**
 * Checks the release again with the code of policy-check, now with the objects as the server would store them and as they are. A
 * change that needs a sign-off is refused until someone who is entitled to has approved it.
 * @returns the refusals; warnings go to the log
 */
export async function policyProblems(
  desired: DesiredState,
  prepared: PreparedRelease,
  { client, rules, signOffs, surroundings, promoted }: PolicyContext,
): Promise<Problem[]> {
  const { identity } = desired;
  const objects = checkedObjects(desired, prepared);
  const { signal, logger, clock } = surroundings;
  const findings = await askRules({ client, identity, objects, rules, signal, now: clock() });
  const [open, decided] = [findings.filter(isSignOff), findings.filter(finding => !isSignOff(finding))];
  for (const finding of decided)
    if (finding.severity !== 'error')
      logger.info(`${finding.severity}: ${formatProblem(findingProblem(finding))}`);
  const refusals = decided
    .filter(finding => finding.severity === 'error' && !isToldBy(prepared.problems, desired.objects, finding))
    .map(findingProblem);
  return [...refusals, ...(await signOffs.settle(open, { previous: prepared.previous, promoted }))];
}

function isSignOff({ severity }: Finding): boolean {
  return severity === 'sign-off';
}

function checkedObjects(desired: DesiredState, prepared: PreparedRelease): CheckedObject[] {
  const states = statesOf(prepared);
  return desired.objects.map(manifest => ({
    ...states.get(manifest.object),
    object: manifest.object,
    positionAt: pointer => manifest.positionAt(pointer),
  }));
}
