import type { ClusterClient } from '@slipway/cluster';
import { type Position, quote, type Release, SlipwayError } from '@slipway/core';
import { awaitWritten, isInSteps, listReleases } from '@slipway/release';
import type { RolloutResult } from '@slipway/rollout';
import type { VerifyContext } from './context.ts';
import { conclude } from './end/conclude.ts';
import { describeDiffering } from './end/differing.ts';
import { lockOptions } from './end/lock-options.ts';
import { noteInstance } from './end/note-instance.ts';
import {
  closeUnverified,
  type NoteRecord,
  noteRecord,
  type OpenRecord,
  openRecord,
} from './end/open-records.ts';
import { pushToRegistry } from './end/push-verdict.ts';
import { recordAtGitHub } from './end/record-deployment.ts';
import type { VerifyErrorCode } from './error-codes.ts';
import { planRelease } from './plan/plan-release.ts';
import { closeLeftIssue } from './steps/keep-waiting-issue.ts';
import { refuseLeftCopies } from './steps/left-copies.ts';
import { notInSteps, numberMissing } from './steps/outcome.ts';
import type { GivenDecision } from './steps/steps-inputs.ts';
import { verifySteps } from './steps/verify-steps.ts';
import type { Ending } from './tell/ending.ts';
import { setOutputs } from './tell/publish.ts';
import { makeVerdict, withDeployment } from './tell/verdict.ts';
import { watchRelease } from './watch/watch.ts';
import { findCheck } from './what/find-check.ts';
import { findRelease } from './what/find-release.ts';
import { findStencil } from './what/find-stencil.ts';
import { readJobRuns } from './what/job-runs.ts';
import { readReleaseBefore } from './what/release-before.ts';

/**
 * A verdict on a release, with all that follows from it: its record, what it prunes, its rollback, the registry. Where the run is
 * cancelled before there is one, the records that it has open are closed.
 */
export async function verifyRelease(
  client: ClusterClient,
  number: number,
  context: VerifyContext,
): Promise<Ending | undefined> {
  const { identity, inputs, runner } = context;
  if (identity.namespace === '') throw namespaceMissing();
  const found = await findRelease(client, identity, number);
  if (goesOnInSteps(found, inputs.steps.decision)) return await moveOn(client, found, context);
  if (inputs.steps.decision !== undefined && found.steps === undefined) throw notInSteps(found);
  const release = await awaitWritten(found, lockOptions(client, context));
  runner.logger.info(introduction(release));
  const opened: OpenRecord[] = [];
  const note: NoteRecord = (state, begun) => {
    const record = openRecord(begun, identity.context);
    opened.unshift(record);
    noteRecord(state, record, runner);
  };
  try {
    note('verified-release', release);
    return await verifyOpen(client, release, context, note);
  } catch (error) {
    if (!runner.signal.aborted) throw error;
    const { logger } = runner;
    for (const record of opened) await closeUnverified(client, record, { clock: () => new Date(), logger });
    throw error;
  }
}

/** One that is closed is verified like any other, unless it was not committed, or something is to be decided. */
function goesOnInSteps({ steps, verdict }: Release, decision: GivenDecision | undefined): boolean {
  if (steps === undefined) return false;
  return verdict !== 'succeeded' || decision !== undefined;
}

async function moveOn(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
): Promise<Ending | undefined> {
  const { runner, identity } = context;
  runner.logger.info(introduction(release));
  noteRecord('verified-release', openRecord(release, identity.context), runner);
  return await verifySteps(client, release, context);
}

/** The release in steps that is open, if there is one: nothing is done where none is. @throws SlipwayError `copies-left` */
export async function verifyOpenRelease(
  client: ClusterClient,
  context: VerifyContext,
): Promise<Ending | undefined> {
  const { identity, runner } = context;
  const { application, formation, namespace } = identity;
  if (namespace === '' || application === '' || formation === '') throw namespaceMissing();
  const [newest] = await listReleases(client, { application, formation, namespace });
  const release = newest && (await findRelease(client, identity, newest.number));
  const isOpen = release !== undefined && isInSteps(release);
  const { decision } = context.inputs.steps;
  if (decision !== undefined) throw numberMissing(decision, isOpen ? release : undefined);
  if (isOpen) return await moveOn(client, release, context);
  if (release !== undefined) await closeLeftIssue(release, context);
  await refuseLeftCopies(client, { application, formation, namespace }, newest, runner.logger);
  runner.logger.info(`No release of ${application}/${formation} in steps is open: there is nothing to do`);
  return undefined;
}

async function verifyOpen(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
  note: NoteRecord,
): Promise<Ending> {
  const { application, formation } = release;
  const plan = await planRelease(client, release, context);
  const watched = await watchRelease({ client, release, plan }, context.runner);
  const identity = { ...context.identity, application, formation };
  // Known before anything is written, so that a later step has it whatever becomes of the rest.
  const { verdict: seen, summary } = watched.result;
  await setOutputs(
    makeVerdict(identity, release, watched.result, { verdict: seen, summary }),
    context.runner,
  );
  // A rollback removes Jobs that the release added, and with them when they ran.
  const ran = readJobRuns(client, release);
  // Awaited below: until then a failure must not count as unhandled.
  ran.catch(() => {});
  const { restored, ...outcome } = await conclude({ client, release, watched, plan, context, note });
  const jobs = await ran;
  const reached = withDeployment(makeVerdict(identity, release, watched.result, outcome), release, jobs);
  const verdict = await pushToRegistry(client, reached, release, context);
  await recordAtGitHub(verdict, release, context);
  await noteInstance(client, verdict, release, context);
  const [at, before] = await Promise.all([
    positionOfFailure(watched.result, release, context),
    readReleaseBefore(client, release),
  ]);
  const differing = await describeDiffering(verdict, release, context);
  return { ...watched, release, verdict, restored, at, jobs, before, differing, run: context.runner.context };
}

/** The line of the stencil, or of the check. */
async function positionOfFailure(
  result: RolloutResult,
  release: Release,
  { inputs, runner }: VerifyContext,
): Promise<Position | undefined> {
  const stencil = await findStencil(result.fault, release, runner);
  return stencil ?? (await findCheck(result, release.formation, inputs, runner.workspace));
}

function introduction({
  number,
  application,
  formation,
  namespace,
  deploymentTag,
  objects,
}: Release): string {
  const tag = deploymentTag === undefined ? '' : `, deployment tag ${quote(deploymentTag)}`;
  return `Release ${number} of ${application}/${formation}${tag}: ${objects.length} objects in namespace ${namespace}`;
}

function namespaceMissing(): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({
    code: 'place-unknown',
    message: 'it is not known which namespace the release is in',
    remedy: 'give "namespace", or check out the repository and give "formation" and "destination"',
  });
}
