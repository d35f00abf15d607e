import type { ClusterClient } from '@slipway/cluster';
import { parseDuration, type Release } from '@slipway/core';
import { LAST_ACTS, UNKNOWN_LOGIN } from '@slipway/release';
import type { RunnableCheck } from '@slipway/rollout';
import { ATTEND, drive, type LoginTerms, nameOf } from '@slipway/steps';
import type { VerifyContext } from '../context.ts';
import { recordOpenAtGitHub } from '../end/record-deployment.ts';
import type { Ending } from '../tell/ending.ts';
import { Progress } from '../watch/progress.ts';
import { refuseNeverAwaited } from './awaited.ts';
import { rejectCancelled } from './cancel.ts';
import { readDecision } from './decision.ts';
import { endSteps } from './end-steps.ts';
import { groundFor, type Seen } from './ground.ts';
import { warnOfHold } from './held.ts';
import { runnable } from './judging-context.ts';
import { keepTerms } from './keep-terms.ts';
import { loginEnded } from './login-ended.ts';
import { stepChecks } from './step-checks.ts';
import { refuseIfApproved } from './still-approved.ts';

/**
 * Moves a release in steps on, as far as it goes now.
 * @returns what became of it; undefined where it stays open and the step succeeds all the same
 * @throws SlipwayError `release-open`, `login-ended`, `decision-impossible`, `terms-differ`; `check-invalid` and `check-forbidden` before
 * anything moves
 */
export async function verifySteps(
  client: ClusterClient,
  found: Release,
  context: VerifyContext,
): Promise<Ending | undefined> {
  const known: Known = { release: found };
  try {
    return await moveOn(client, found, context, known);
  } catch (error) {
    if (context.runner.signal.aborted) await rejectCancelled(client, found, context);
    throw await loginEnded(error, known.release, context);
  }
}

/** The release as this run knew it last. */
interface Known {
  release: Release;
}

async function moveOn(
  client: ClusterClient,
  found: Release,
  context: VerifyContext,
  known: Known,
): Promise<Ending | undefined> {
  const started = new Date();
  const { inputs, runner } = context;
  refuseNeverAwaited(found, inputs.steps.ifWaitingFor);
  // A way home is not kept up by what a commit would need.
  const release = isHeadedHome(found, context) ? found : await keepTerms(client, found, context);
  known.release = release;
  const given = inputs.steps.decision;
  await refuseIfApproved(release, context);
  const decision = given && (await readDecision(given, release, context));
  if (decision !== undefined && decision.what !== 'reject' && release.verdict === undefined)
    await warnOfHold(client, release, nameOf(decision), runner);
  const checksAtCommit = await prepareAll(client, release, context);
  const seen: Seen = {
    ...{ result: undefined, judged: [], checksAtCommit },
    progress: new Progress(runner.logger, started),
    note: now => {
      known.release = now;
    },
  };
  // Beside the steps, as GitHub may be slow to answer; it fails for nothing but the end of the run.
  const begun = recordBegun(release, context).catch(() => {});
  try {
    const driven = await drive(groundFor(client, release, context, seen), {
      decision,
      ifWaitingFor: inputs.steps.ifWaitingFor || undefined,
      attend: parseDuration(release.steps?.settings?.attend ?? '') ?? ATTEND,
      login: loginOf(client),
    });
    await begun;
    known.release = driven.release;
    return await endSteps(client, driven, context, { ...seen, started });
  } finally {
    seen.progress.end();
  }
}

/** What has only begun is in progress at GitHub, too. */
async function recordBegun(release: Release, context: VerifyContext): Promise<void> {
  const { phase } = release.steps ?? {};
  if (release.verdict === undefined && phase === 'starting') await recordOpenAtGitHub(release, context);
}

function loginOf({ loginEnds }: Pick<ClusterClient, 'loginEnds'>): LoginTerms {
  if (loginEnds === undefined) return { lasts: UNKNOWN_LOGIN - LAST_ACTS };
  return { ends: new Date(loginEnds.getTime() - LAST_ACTS) };
}

/** What is wrong with a check is told before the first user reaches the copy, and not at the commit. @returns those of the commit */
async function prepareAll(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
): Promise<readonly RunnableCheck[]> {
  if (release.steps === undefined || release.verdict !== undefined || isHeadedHome(release, context))
    return [];
  return await runnable({ client, release, context }, stepChecks(release).atCommit);
}

/** A way home never waits for a check that is wrong. */
function isHeadedHome({ steps }: Release, { inputs }: VerifyContext): boolean {
  return steps?.phase === 'undoing' || inputs.steps.decision?.what === 'reject';
}
