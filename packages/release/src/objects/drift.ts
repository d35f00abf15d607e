import type { KubernetesObject } from '@slipway/kubernetes';
import { diffFields, type FieldChange } from './diff.ts';
import { mergeApplied } from './local-merge.ts';

interface Applied {
  /** What the last release applied. */
  readonly before: KubernetesObject;
  /** What is to be applied. */
  readonly now: KubernetesObject;
}

/**
 * Marks fields that someone changed in the cluster: applying the last release again would change them too, and the manifest has not
 * changed there since. What the server changes by itself, such as a counter in an annotation, is not drift.
 */
export function markDrift(
  fields: readonly FieldChange[],
  live: KubernetesObject | undefined,
  { before, now }: Applied,
  manager: string,
): readonly FieldChange[] {
  if (live === undefined || fields.length === 0) return fields;
  const [again, next] = [before, now].map(applied => mergeApplied(applied, live, manager).object) as [
    KubernetesObject,
    KubernetesObject,
  ];
  const [left, changed] = [diffFields(live, again), diffFields(again, next)];
  const isIn = (changes: readonly FieldChange[], pointer: string): boolean =>
    changes.some(change => overlap(change.pointer, pointer));
  return fields.map(field =>
    isIn(left, field.pointer) && !isIn(changed, field.pointer) ? { ...field, drifted: true } : field,
  );
}

/** Pointers match if one contains the other, since the server adds to what was applied. */
function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
