import type { Release } from '@slipway/core';
import { judgingLines, judgingMarkdown } from '@slipway/report';
import type { VerifyContext } from '../context.ts';
import type { JudgedStep } from './judge.ts';
import { judgingOf, shownSteps, writeJudging } from './judging-file.ts';

/** A step that was just judged, in the log. */
export function logJudged(
  { steps }: Release,
  { at, verdict, checks, falseAlarm }: JudgedStep,
  { runner }: Pick<VerifyContext, 'runner'>,
): void {
  const weight = steps?.list[at]?.weight ?? 0;
  for (const line of judgingLines([{ at, weight, verdict, checks, falseAlarm }])) runner.logger.info(line);
}

/** Everything that was judged until now, in the summary and as judging.json; nothing before the first judgement. */
export async function publishJudging(
  release: Release,
  judged: readonly JudgedStep[],
  { runner }: Pick<VerifyContext, 'runner'>,
): Promise<void> {
  const judging = judgingOf(release, judged);
  if (judging.steps.length === 0) return;
  runner.setOutput('judging', await writeJudging(judging, runner.temporaryDirectory));
  runner.addSummary(`### Steps of release ${release.number}\n${judgingMarkdown(shownSteps(judging))}`);
}
