import { type Check, count, type Release } from '@slipway/core';
import {
  type CheckJudgement,
  crossedBound,
  type JudgedWindow,
  judgeStep as judgeSides,
  type StepJudgement,
  together,
} from '@slipway/rollout';
import type { StepsGround } from '@slipway/steps';
import { type JudgingContext, runnable, sideOptions, windowOf } from './judging-context.ts';
import { stepChecks } from './step-checks.ts';

type Judgement = Awaited<ReturnType<StepsGround['judge']>>;

/** What this run has judged of a step. */
export interface JudgedStep extends StepJudgement {
  readonly at: number;
  readonly window: JudgedWindow | undefined;
  /** How the record says it. */
  readonly judgement: Judgement;
}

/** The judgement of a step whose copy was ready until it was due. What was to be asked and has no answer leaves it open. */
export async function judgeStep(judging: JudgingContext): Promise<JudgedStep> {
  const { release } = judging;
  const window = windowOf(release);
  const [ofSides, ofCopies] = await Promise.all([judgeBoth(judging, window), askCopies(judging)]);
  const found = together([...ofSides, ...ofCopies]);
  const judgement = {
    verdict: found.verdict,
    summary: summaryOf(found, release, window),
    checks: found.checks.map(({ name, verdict, message }) => ({ name, verdict, message })),
  };
  return { ...found, at: release.steps?.target.at ?? 0, window, judgement };
}

/** Before the first user there is nothing to compare, and nothing has been seen where the step does not stay. */
async function judgeBoth(
  judging: JudgingContext,
  window: JudgedWindow | undefined,
): Promise<readonly CheckJudgement[]> {
  const { ofSides } = stepChecks(judging.release);
  if (ofSides.length === 0 || window === undefined || hasNoUsers(judging.release)) return [];
  return (await judgeSides(await sideOptions(judging, ofSides, window))).checks;
}

function hasNoUsers({ steps }: Pick<Release, 'steps'>): boolean {
  return steps?.target.asked === 0;
}

const VERDICTS = {
  passed: 'passed',
  failed: 'failed',
  'not-finished': 'inconclusive',
  'not-judged': 'inconclusive',
} as const;

async function askCopies(judging: JudgingContext): Promise<readonly CheckJudgement[]> {
  const checks = await runnable(judging, stepChecks(judging.release).ofCopies);
  const { signal } = judging.context.runner;
  const began = new Date();
  return await Promise.all(
    checks.map(async (check): Promise<CheckJudgement> => {
      const { status, message } = await check.run(began, signal);
      return { name: check.name, kind: 'http', verdict: VERDICTS[status], message };
    }),
  );
}

function summaryOf(
  { verdict, checks }: StepJudgement,
  release: Release,
  window: JudgedWindow | undefined,
): string {
  const decisive = checks.filter(check => check.verdict === verdict);
  if (verdict !== 'passed')
    return decisive.map(({ name, message }) => `check ${name}: ${message}`).join('; ');
  const left = notAsked(release, window);
  const asked = checks.length === 0 ? '' : `, and ${count(checks.length, 'check')} passed`;
  return `the copy was ready${asked}${left === undefined ? '' : `; ${left}`}`;
}

/** `check memory was`, `checks memory, latency were`. */
function namesOf(checks: readonly Check[]): string {
  const names = checks.map(({ name }) => name).join(', ');
  return checks.length === 1 ? `check ${names} was` : `checks ${names} were`;
}

/** Why nothing was asked about both versions, where something was declared. */
function notAsked(release: Release, window: JudgedWindow | undefined): string | undefined {
  const { ofSides, ofOthers } = stepChecks(release);
  const names = ofSides.length === 0 ? '' : namesOf(ofSides);
  const why = hasNoUsers(release)
    ? 'no user reaches the copy yet'
    : window === undefined
      ? 'the step does not bake'
      : undefined;
  const unasked = [
    ...(names === '' || why === undefined ? [] : [`${names} not asked, as ${why}`]),
    ...(ofOthers.length === 0
      ? []
      : [
          `${namesOf(ofOthers)} not asked, as none of ${ofOthers.length === 1 ? 'its' : 'their'} pods goes in steps`,
        ]),
  ];
  return unasked.length === 0 ? undefined : unasked.join('; ');
}

/** The bound that the copy has crossed in its step until now. @param now by the API server's clock */
export async function crossedIn(judging: JudgingContext, now: Date): Promise<string | undefined> {
  const window = windowOf(judging.release, now);
  const { ofSides } = stepChecks(judging.release);
  if (window === undefined || ofSides.length === 0) return undefined;
  return await crossedBound(await sideOptions(judging, ofSides, window));
}
