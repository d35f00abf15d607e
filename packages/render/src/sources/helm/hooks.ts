import { type Problem, quote } from '@slipway/core';
import { HELM_HOOK, hookMoment, ORDER } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../../error-codes.ts';
import {
  type Origin,
  positionOfOrigin,
  type Traced,
  type TracedMap,
  textAt,
  tracedAt,
  withEntries,
} from '../../trace/traced.ts';

/**
 * Turns Helm's hooks, which Slipway does not have, into ordinary objects: one that Helm runs before or after a release becomes an object of
 * the release in the stage before or after the others. Hooks for deletion and rollback are left out.
 * @returns undefined for an object that is left out
 */
export function withoutHook(
  object: Traced,
  source: string,
  report: (problem: Problem<RenderErrorCode>) => void,
): Traced | undefined {
  const hook = object.kind === 'map' ? textAt(object, 'metadata', 'annotations', HELM_HOOK) : undefined;
  if (object.kind !== 'map' || hook === undefined) return object;
  const moment = hookMoment(hook);
  if (moment === 'before') return withOrder(object, '-1');
  if (moment === 'after') return withOrder(object, '1');
  if (moment === undefined) return object;
  if (moment === 'never')
    report({
      code: 'source-hook-dropped',
      at: positionOfOrigin((tracedAt(object, 'metadata', 'annotations', HELM_HOOK) ?? object).origin),
      message: `${quote(`${textAt(object, 'kind')} ${textAt(object, 'metadata', 'name')}`)} of ${quote(source)} is a hook for ${quote(hook)}, which Slipway does not run`,
      remedy: 'exclude it by spec.stencils if it is not needed',
    });
  return undefined;
}

function withOrder(object: TracedMap, order: string): Traced {
  const metadata = tracedAt(object, 'metadata');
  const annotations = tracedAt(object, 'metadata', 'annotations');
  const hook = annotations?.kind === 'map' ? annotations.entries.get(HELM_HOOK) : undefined;
  if (metadata?.kind !== 'map' || annotations?.kind !== 'map' || hook === undefined) return object;
  if (annotations.entries.has(ORDER)) return object;
  const origin: Origin = { ...hook.key, isAdded: true };
  const entry = { key: origin, value: { kind: 'scalar', value: order, origin } as const };
  const ordered = withEntries(annotations, new Map([[ORDER, entry]]));
  return withChild(object, 'metadata', withChild(metadata, 'annotations', ordered));
}

function withChild(parent: TracedMap, key: string, value: Traced): TracedMap {
  const entry = parent.entries.get(key);
  return entry === undefined ? parent : withEntries(parent, new Map([[key, { ...entry, value }]]));
}
