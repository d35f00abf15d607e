import type { Problem } from '@slipway/core';
import { type KubernetesObject, serverFieldsOf } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import { exportedProblem } from '../manifests/plain-object.ts';
import { positionOfOrigin, tracedAt } from '../trace/traced.ts';
import type { Draft } from './draft.ts';

/** Warnings about fields of a stencil that only the API server sets: deploy leaves them out. */
export function exportedWarnings(
  { traced }: Draft,
  object: KubernetesObject | undefined,
): Problem<RenderErrorCode>[] {
  if (object === undefined) return [];
  return serverFieldsOf(object).map(field => {
    const value = tracedAt(traced, 'metadata', field) ?? traced;
    return exportedProblem(object, field, positionOfOrigin(value.origin));
  });
}
