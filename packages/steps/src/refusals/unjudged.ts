import {
  type Check,
  DEFAULT_SAMPLES,
  isAboutPods,
  isComparison,
  parseDuration,
  quote,
  type StepStrategy,
  type StrategyStep,
  strategyTime,
  timeForSamples,
  writtenDuration,
} from '@slipway/core';

/** Something about a check that is allowed, and likely not meant. */
export interface CheckAdvice {
  readonly message: string;
  readonly remedy: string;
}

/** Why a check of a formation with steps would be asked in none of them, or say nothing in one, so that each release waits there. */
export function unjudged(check: Check, strategy: StepStrategy): CheckAdvice | undefined {
  if (!isComparison(check) && !isAboutPods(check)) return undefined;
  const baking = strategy.steps.filter(({ weight, bake }) => weight > 0 && bake !== undefined);
  if (baking.length === 0)
    return {
      message: `check ${quote(check.name)} is never asked: no step with a weight above 0 bakes, and before a bake there is nothing to judge`,
      remedy: 'add bake: 10m to a step',
    };
  return tooShort(check, strategy, baking);
}

/** A step that ends before each version has as many values as the check needs. Bad requests are counted however few they are. */
function tooShort(
  { name, prometheus }: Check,
  strategy: StepStrategy,
  baking: readonly StrategyStep[],
): CheckAdvice | undefined {
  if (prometheus === undefined || prometheus.bad !== undefined || !isComparison({ name, prometheus }))
    return undefined;
  const samples = prometheus.samples ?? DEFAULT_SAMPLES;
  const needed = strategyTime(strategy, 'warm-up') + timeForSamples(prometheus, samples);
  const short = baking.find(({ bake = '0s' }) => (parseDuration(bake) ?? 0) < needed);
  if (short === undefined) return undefined;
  const index = strategy.steps.indexOf(short);
  return {
    message: `check ${quote(name)} says nothing about step ${index + 1}, which bakes for ${short.bake}: ${samples} values of each version that do not overlap take ${writtenDuration(needed)}, so that each release waits for a decision there`,
    remedy: `let it bake for ${writtenDuration(needed)}, or let a value look back over less time, or ask for fewer samples`,
  };
}
