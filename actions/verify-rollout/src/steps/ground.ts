import type { ClusterClient } from '@slipway/cluster';
import { parseDuration, type Release } from '@slipway/core';
import { stepsGround } from '@slipway/release';
import type { RolloutResult, RunnableCheck } from '@slipway/rollout';
import { ATTEND } from '@slipway/steps';
import type { VerifyContext } from '../context.ts';
import { lockOptions } from '../end/lock-options.ts';
import type { Progress } from '../watch/progress.ts';
import { crossedIn, type JudgedStep, judgeStep } from './judge.ts';
import { setStepsOutputs } from './outcome.ts';
import { logJudged } from './tell-judging.ts';

/** What a run has seen of a release in steps. */
export interface Seen {
  result: RolloutResult | undefined;
  readonly judged: JudgedStep[];
  readonly checksAtCommit: readonly RunnableCheck[];
  readonly progress: Progress;
  /** Is called with the record whenever it has changed. */
  readonly note: (release: Release) => void;
}

/** What moving a release on needs, with a run that watches, judges and tells. */
export function groundFor(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
  seen: Seen,
): ReturnType<typeof stepsGround> {
  const { runner, inputs } = context;
  const { holder, clock, signal, logger } = lockOptions(client, context);
  return stepsGround({
    ...{ client, release, holder, clock, signal, logger },
    lockTimeout: inputs.lockTimeout,
    timeout: inputs.timeout ?? parseDuration(release.steps?.terms?.timeout ?? '') ?? ATTEND,
    repository: runner.context.repository,
    judge: async open => {
      const judged = await judgeStep({ client, release: open, context });
      seen.judged.push(judged);
      logJudged(open, judged, context);
      return judged.judgement;
    },
    crossed: (open, now) => crossedIn({ client, release: open, context }, now),
    checksAtCommit: seen.checksAtCommit,
    onCheck: change => seen.progress.noteCheck(change),
    note: now => {
      seen.note(now);
      setStepsOutputs(now, runner);
    },
    onChange: change => seen.progress.note(change),
    onResult: result => {
      seen.result = result;
    },
  });
}
