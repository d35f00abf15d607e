import { describeObject, objectKey, type Problem, referenceTo } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { ReleaseObject } from '../request.ts';

/** Objects that stand twice in one release. */
export function duplicateProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  const seen = new Set<string>();
  return objects.flatMap(({ object, at }) => {
    const key = objectKey(referenceTo(object));
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const message = `${describeObject(referenceTo(object))} is in the release twice`;
    return [{ code: 'object-duplicate', message, remedy: 'remove or rename one', at } as const];
  });
}
