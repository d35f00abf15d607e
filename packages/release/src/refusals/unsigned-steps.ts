import { count, type Problem, quote } from '@slipway/core';
import { describeObject, type ObjectReference } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';

/**
 * Why a release may not go in steps without a key for records: its commit and its undo take what they write from the record. Whoever may
 * write Secrets in the namespace could have put anything there, so that without a key they write nothing outside of it.
 * @param objects of the release
 */
export function unsignedProblems(
  objects: readonly ObjectReference[],
  namespace: string,
): Problem<ReleaseErrorCode>[] {
  const [first, ...others] = objects.filter(object => object.namespace !== namespace);
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` and ${count(others.length, 'other object')}`;
  return [
    {
      code: 'steps-unsigned',
      message: `the release goes in steps and writes ${describeObject(first)}${more} outside of the namespace ${quote(namespace)}, and "record-key" is not given, so that what its commit takes from the record cannot be verified`,
      remedy:
        'give "record-key" to deploy and to verify-rollout, move what is outside to another formation, or deploy with "strategy: none" and a reason',
    },
  ];
}
