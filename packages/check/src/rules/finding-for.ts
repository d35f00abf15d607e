import type { Finding, Position, Severity } from '@slipway/core';
import { findingOfProblem } from '@slipway/policy';

export interface Said {
  readonly message: string;
  readonly remedy?: string;
  readonly at?: Position | undefined;
  /** What it is about, in words that never change: the kind and name of an object, a block of a formation. */
  readonly subject: readonly string[];
}

/** A finding of the rules that are built in here and are not policies. */
export function findingFor(rule: string, severity: Severity, { subject, ...said }: Said): Finding {
  return findingOfProblem({ code: rule, ...said }, rule, severity, subject);
}
