import type { KubernetesObject } from '@slipway/core';
import { diffFields, type FieldChange } from '../objects/diff.ts';

/**
 * Marks what differs although the manifest is as it was in the release before: somebody changed the live object. Places are
 * compared as far as they overlap, since the server adds to what was applied.
 * @param before the manifest as it was applied
 */
export function markDrift(
  fields: readonly FieldChange[],
  object: KubernetesObject,
  before: KubernetesObject | undefined,
): readonly FieldChange[] {
  if (before === undefined || fields.length === 0) return fields;
  const changed = diffFields(before, object).map(({ pointer }) => pointer);
  return fields.map(field =>
    changed.some(pointer => overlap(pointer, field.pointer)) ? field : { ...field, drifted: true },
  );
}

function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
