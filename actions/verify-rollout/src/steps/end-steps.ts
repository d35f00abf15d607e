import type { ClusterClient } from '@slipway/cluster';
import type { Release, Verdict } from '@slipway/core';
import type { RolloutResult } from '@slipway/rollout';
import type { Driven } from '@slipway/steps';
import type { VerifyContext } from '../context.ts';
import { pushToRegistry } from '../end/push-verdict.ts';
import { recordAtGitHub, recordOpenAtGitHub } from '../end/record-deployment.ts';
import type { Ending } from '../tell/ending.ts';
import { openSummary } from '../tell/open-summary.ts';
import { makeVerdict } from '../tell/verdict.ts';
import { notAwaited } from './awaited.ts';
import type { Seen } from './ground.ts';
import { keepWaitingIssue } from './keep-waiting-issue.ts';
import { requireNextLook } from './next-look.ts';
import {
  closedOtherwise,
  decisionRefused,
  isAsDecided,
  isPlannedWait,
  openFailure,
  setStepsOutputs,
} from './outcome.ts';
import { publishJudging } from './tell-judging.ts';

/**
 * What follows from where a run has left a release: outputs, summary, issue, registry and GitHub's record.
 * @returns what became of it; undefined where it stays open and the step succeeds all the same
 * @throws SlipwayError `release-open`, `decision-impossible`
 */
export async function endSteps(
  client: ClusterClient,
  driven: Driven,
  context: VerifyContext,
  seen: Seen & { readonly started: Date },
): Promise<Ending | undefined> {
  const { release } = driven;
  const { runner, inputs } = context;
  setStepsOutputs(release, runner);
  if (driven.ended === 'open') runner.addSummary(openSummary(release, driven.says, driven.waitingFor));
  await publishJudging(release, seen.judged, context);
  if (driven.ended === 'not-awaited') {
    runner.logger.info(notAwaited(release, inputs.steps.ifWaitingFor));
    return undefined;
  }
  if (driven.ended === 'refused') throw decisionRefused(release, driven);
  if (driven.ended === 'open') return await endOpen(release, driven, context);
  const { decision } = inputs.steps;
  if (driven.before && decision !== undefined && !isAsDecided(release, decision))
    throw closedOtherwise(release, decision.what);
  return { ...(await endClosed(client, release, context, seen)), wasClosed: driven.before };
}

/** It is neither recorded nor pushed: nothing passed. */
async function endOpen(
  release: Release,
  driven: Extract<Driven, { ended: 'open' }>,
  context: VerifyContext,
): Promise<undefined> {
  const { runner, inputs } = context;
  runner.setOutput('verdict', 'open');
  await recordOpenAtGitHub(release, context);
  await keepWaitingIssue(release, driven.says, context);
  if (!inputs.steps.mayWait || !isPlannedWait(release, driven.waitingFor, driven.now))
    throw openFailure(release, driven);
  if (driven.waitingFor === 'time') await requireNextLook(release, context);
  runner.annotate({
    severity: 'notice',
    message: `Release ${release.number} is open at ${release.steps?.target.asked} % and waits for ${driven.waitingFor}: it is not a success yet`,
  });
  return undefined;
}

async function endClosed(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
  { result, progress, started }: Seen & { readonly started: Date },
): Promise<Ending> {
  const { application, formation } = release;
  const outcome = { verdict: release.verdict ?? 'failed', summary: summaryOf(release) };
  const identity = { ...context.identity, application, formation };
  const reached = makeVerdict(identity, release, result ?? nothingWatched(started), outcome);
  const verdict: Verdict = await pushToRegistry(client, reached, release, context);
  const { differs } = release.steps?.undo ?? {};
  if (differs !== undefined)
    context.runner.annotate({
      severity: 'warning',
      message: `Release ${release.number} is undone, and what serves is not what served before it: ${differs}`,
    });
  await recordAtGitHub(verdict, release, context);
  await keepWaitingIssue(release, outcome.summary, context);
  const { changes, checks } = progress;
  return { verdict, release, changes, checks, run: context.runner.context };
}

function summaryOf({ number, verdict, steps }: Release): string {
  if (verdict === 'succeeded') return `release ${number} is committed: all users have it`;
  const why = steps?.undo === undefined ? '' : `: ${steps.undo.why}`;
  if (verdict === 'rollback-failed')
    return `release ${number} could not be undone${why}; neither version of stable became ready, and users stay with the copy`;
  const word = verdict === 'superseded' ? 'superseded' : 'undone';
  const { differs } = steps?.undo ?? {};
  const serving = `release ${steps?.stable.release}`;
  return differs === undefined
    ? `release ${number} was ${word}${why}; users have ${serving}`
    : `release ${number} was ${word}${why}; users do not have ${serving} as it was, since ${differs}: deploy it again, or roll back to it`;
}

function nothingWatched(started: Date): RolloutResult {
  const none = { objects: [], ran: [], checks: [], timeline: [] };
  return { verdict: 'succeeded', summary: '', ...none, started, finished: new Date() };
}
