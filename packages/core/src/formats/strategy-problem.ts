import type { Problem } from '../errors.ts';
import type { Path } from '../json.ts';
import type { StepStrategy } from './strategy.ts';

export type StrategyErrorCode = 'strategy-invalid' | 'strategy-unwatched' | 'strategy-warning';

/** Where a strategy is written: positions are asked by paths within it. */
export interface WrittenStrategy {
  readonly strategy: StepStrategy;
  positionOf(path: Path): Problem['at'];
}

/** A problem of a strategy; steps are counted from 1 in it, as people do. */
export function invalid(
  at: Problem['at'],
  message: string,
  remedy: string,
  code: StrategyErrorCode = 'strategy-invalid',
): Problem<StrategyErrorCode> {
  return { code, at, message, remedy };
}
