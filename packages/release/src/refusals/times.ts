import type { Problem } from '@slipway/core';
import { termsProblems } from '@slipway/rollout';
import type { ReleaseObject } from '../request.ts';

/** Annotations that say for how long verify-rollout waits for an object, and are no durations. */
export function timeProblems(objects: readonly ReleaseObject[]): Problem[] {
  return objects.flatMap(({ object, at, placeOf }) =>
    termsProblems(object).map(({ pointer, object: _, ...problem }) => ({
      ...problem,
      at: placeOf?.(pointer) ?? at,
    })),
  );
}
