import { type Check, quote, workloadsNamedBy } from '@slipway/core';
import type { CheckAdvice } from './unjudged.ts';

/**
 * Why a check is asked in no step: the workloads whose pods it names have no copy, so that there are no two versions of them, and at the
 * commit it is as little judged as in a release without steps.
 * @param inSteps the names of the workloads that have one
 */
export function beyondSteps(check: Check, inSteps: readonly string[]): CheckAdvice | undefined {
  const named = workloadsNamedBy(check) ?? [];
  if (named.length === 0 || named.some(name => inSteps.includes(name))) return undefined;
  const pods = named.map(name => quote(name)).join(' and ');
  return {
    message: `check ${quote(check.name)} is about the pods of ${pods}, which have no copy, so that it is asked in no step, and not judged at the commit`,
    remedy: `name ${pods} in "workloads" of the strategy, or write the check without \${pods}, so that it is asked at the commit`,
  };
}
