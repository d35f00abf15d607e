import { type Check, isAboutPods, longestRange, type ValueCheck } from '@slipway/core';
import { type JudgeStepOptions, judgeStep } from './judge-step.ts';

/**
 * The bound that the new version has crossed since its step began, as a sentence; a comparison is not looked at before the step's end.
 * Whatever is not known crosses nothing: the step's judgement says that it is missing.
 */
export async function crossedBound(options: JudgeStepOptions): Promise<string | undefined> {
  const { from, to } = options.window;
  const past = to.getTime() - from.getTime();
  const checks = options.checks.flatMap(check => boundsOf(check, past));
  if (checks.length === 0) return undefined;
  const judged = await judgeStep({ ...options, checks });
  const crossed = judged.checks.find(({ verdict }) => verdict === 'failed');
  return crossed === undefined ? undefined : `check ${crossed.name}: ${crossed.message}`;
}

/** A check without what it compares, if it has bounds and its values look back over nothing that was before the step. */
function boundsOf(check: Check, past: number): readonly Check[] {
  const { query, every, max, min, tolerate } = check.prometheus ?? {};
  if (query === undefined || (max === undefined && min === undefined) || !isAboutPods(check)) return [];
  const bounds = Object.fromEntries(
    Object.entries({ query, every, max, min, tolerate }).filter(([, value]) => value !== undefined),
  ) as ValueCheck;
  return past <= 0 || longestRange(bounds) > past ? [] : [{ name: check.name, prometheus: bounds }];
}
