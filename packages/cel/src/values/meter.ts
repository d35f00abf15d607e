import { CostExceeded } from './failure.ts';

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/apis/cel/config.go */
export const EXPRESSION_COST_LIMIT = 1_000_000;
export const BINDING_COST_LIMIT = 10_000_000;

/** Costs of cel-go's runtime tracker, in its units: https://github.com/google/cel-go/blob/v0.26.0/interpreter/runtimecost.go */
export const LIST_CREATE_COST = 10;
export const MAP_CREATE_COST = 30;
export const TEXT_FACTOR = 0.1;
export const PATTERN_FACTOR = 0.25;

/** Adds up the cost of an evaluation and stops it at the limit, which also keeps a hostile expression from running on. */
export class Meter {
  spent = 0;
  readonly #limit: number;

  constructor(limit = EXPRESSION_COST_LIMIT) {
    this.#limit = limit;
  }

  /** @throws CostExceeded */
  charge(cost: number): void {
    this.spent += cost;
    if (this.spent > this.#limit) throw new CostExceeded();
  }
}
