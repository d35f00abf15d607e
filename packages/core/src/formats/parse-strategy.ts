import { throwIfAny } from '../errors.ts';
import type { SourceDocument } from '../source-document.ts';
import { type Strategy, stepsOf, strategyInputSchema } from './strategy.ts';
import type { StrategyErrorCode } from './strategy-problem.ts';
import { strategyProblems } from './strategy-problems.ts';
import { withStrategyRemedies } from './strategy-remedies.ts';
import { formatProblems } from './validate.ts';

/** @throws SlipwayError with every problem of the text of an input */
export function parseStrategy(document: SourceDocument): Strategy {
  throwIfAny(withStrategyRemedies(formatProblems(strategyInputSchema, document), []));
  const strategy = document.value as Strategy;
  throwIfAny<StrategyErrorCode>(strategyProblems(stepsOf(strategy), document, []));
  return strategy;
}
