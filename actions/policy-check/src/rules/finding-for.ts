import type { Finding, Position, Severity } from '@slipway/core';
import { findingOfProblem } from '@slipway/policy';

export interface Said {
  readonly message: string;
  readonly remedy?: string;
  readonly at?: Position;
}

/** A finding of this action's own rules, which no policy makes. */
export function findingFor(rule: string, severity: Severity, said: Said): Finding {
  return findingOfProblem({ code: rule, ...said }, rule, severity);
}
