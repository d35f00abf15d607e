import { parseDuration, writtenDuration } from '../duration.ts';
import type { Problem } from '../errors.ts';
import type { StepStrategy } from './strategy.ts';
import { invalid, type StrategyErrorCode, type WrittenStrategy } from './strategy-problem.ts';

type Found = Problem<StrategyErrorCode>;

/** What a strategy that leaves them out has. */
export const STRATEGY_DEFAULTS = { attend: '20m', expires: '24h', drain: '10s', 'warm-up': '0s' } as const;

/** A share in percent that may be left alone without being asked for. */
export const UNWATCHED_SHARE = 10;

/** With fewer pods than this a copy of a single one has more than that share. */
const PODS_FOR_SHARE = (100 - UNWATCHED_SHARE) / UNWATCHED_SHARE;

/** The longest time for which AWS's balancers let a target go on. */
const LONGEST_DRAIN = 3600_000;
const HOSTED_JOB = 6 * 3600_000;

/** Milliseconds of a duration of a strategy, or of its default. */
export function strategyTime(strategy: StepStrategy, field: keyof typeof STRATEGY_DEFAULTS): number {
  return parseDuration(strategy[field] ?? STRATEGY_DEFAULTS[field]) ?? 0;
}

export function spanProblems(written: WrittenStrategy): Found[] {
  return [
    ...drainProblems(written),
    ...warmUpProblems(written),
    ...expiryProblems(written),
    ...unwatchedProblems(written),
  ];
}

function bakeOf({ bake = '0s' }: StepStrategy['steps'][number]): number {
  return parseDuration(bake) ?? 0;
}

function warmUpProblems({ strategy, positionOf }: WrittenStrategy): Found[] {
  const warmUp = strategyTime(strategy, 'warm-up');
  return strategy.steps.flatMap((step, index) =>
    step.bake === undefined || bakeOf(step) > warmUp || warmUp === 0
      ? []
      : [
          invalid(
            positionOf(['steps', index, 'bake']),
            `step ${index + 1} bakes for ${step.bake}, and its first ${strategy['warm-up']} (warm-up) are left out, so that nothing is judged`,
            'let it bake for longer, or shorten warm-up',
          ),
        ],
  );
}

/** What goes home waits for it, with its lock and its run. */
function drainProblems({ strategy, positionOf }: WrittenStrategy): Found[] {
  if (strategyTime(strategy, 'drain') <= LONGEST_DRAIN) return [];
  return [
    invalid(
      positionOf(['drain']),
      `drain is ${strategy.drain}, and whatever takes a release back waits for it, each time`,
      'write at most 1h: it is the time in which a change of endpoints reaches nodes and balancers, and moves no kept connection',
    ),
  ];
}

function expiryProblems({ strategy, positionOf }: WrittenStrategy): Found[] {
  const bakes = strategy.steps.reduce((sum, step) => sum + bakeOf(step), 0);
  if (bakes < strategyTime(strategy, 'expires')) return [];
  const { expires = STRATEGY_DEFAULTS.expires } = strategy;
  return [
    invalid(
      positionOf(['expires']),
      `the steps bake for ${writtenDuration(bakes)} altogether, and a release is undone after ${expires} (expires)`,
      `set expires to more than ${writtenDuration(bakes)}`,
    ),
  ];
}

/** A run of verify-rollout stays for the bakes up to a pause; what follows the pause is another run's. */
interface Watch {
  /** The first step of the run, from 1. */
  readonly from: number;
  /** Milliseconds that the run has baked for once this step ends. */
  readonly baked: number;
}

function watches(steps: StepStrategy['steps']): Watch[] {
  let [from, baked] = [1, 0];
  return steps.map((step, index) => {
    if (steps[index - 1]?.pause !== undefined) [from, baked] = [index + 1, 0];
    baked += bakeOf(step);
    return { from, baked };
  });
}

/**
 * What makes a step end while no run looks; undefined for one that is watched to its end.
 * @param index of the step, from 0
 */
export function leftAlone(strategy: StepStrategy, index: number): string | undefined {
  const { pause } = strategy.steps[index] ?? {};
  const baked = beyondAttend(strategy, index);
  if (baked !== undefined) return baked;
  return pause === undefined ? undefined : `waits for ${pause}`;
}

/** Why no run watches a step to its end; undefined if it fits into `attend`. */
export function beyondAttend(strategy: StepStrategy, index: number): string | undefined {
  const { attend = STRATEGY_DEFAULTS.attend, steps } = strategy;
  const { from, baked } = watches(steps)[index] ?? { from: 1, baked: 0 };
  const { bake } = steps[index] ?? {};
  if (bake === undefined || baked <= strategyTime(strategy, 'attend')) return undefined;
  const whose = from === index + 1 ? 'it bakes' : `steps ${from} to ${index + 1} bake`;
  return `outlasts attend (${whose} for ${writtenDuration(baked)}, and a run stays for ${attend})`;
}

function unwatchedProblems({ strategy, positionOf }: WrittenStrategy): Found[] {
  return strategy.steps.flatMap((step, index) => {
    const why = leftAlone(strategy, index);
    if (why === undefined || step.weight <= UNWATCHED_SHARE || step.unwatched === true) return [];
    return [
      invalid(
        positionOf(['steps', index]),
        `step ${index + 1} ${why}: ${step.weight} % of the connections would go to the new version while no run looks at it`,
        `add unwatched: true if that is meant${step.pause === undefined ? ', or raise attend' : ''}; a weight of ${UNWATCHED_SHARE} does not need it, where stable has ${PODS_FOR_SHARE} pods`,
        'strategy-unwatched',
      ),
    ];
  });
}

/** What is allowed, and likely not meant. */
export function strategyWarnings({ strategy, positionOf }: WrittenStrategy): Found[] {
  const long = strategy.steps.findIndex((_step, index) => beyondAttend(strategy, index) !== undefined);
  const warnings: Found[] = [];
  if (strategyTime(strategy, 'attend') > HOSTED_JOB)
    warnings.push(
      invalid(
        positionOf(['attend']),
        `attend is ${strategy.attend}, and a job on a hosted runner of GitHub ends after 6h`,
        'lower it to less than 6h, with time for the rest of the job, unless your runners are your own',
        'strategy-warning',
      ),
    );
  if (long >= 0)
    warnings.push(
      invalid(
        positionOf(['steps', long, 'bake']),
        `step ${long + 1} ${beyondAttend(strategy, long)}, so that the release then waits for time`,
        'let a schedule call progress.yml, or raise attend',
        'strategy-warning',
      ),
    );
  return warnings;
}
