import { defined, type Release } from '@slipway/core';
import {
  describeObject,
  isDefinition,
  isJob,
  type KubernetesObject,
  type ObjectReference,
  objectKey,
  referenceTo,
} from '@slipway/kubernetes';

/** What rolling back did, and what it could not do. */
export interface Restoration {
  /** Written again, as the restored release had them. */
  readonly restored: readonly ObjectReference[];
  /** What the failed release had added, and is gone. */
  readonly removed: readonly ObjectReference[];
  /** What it had added and still exists: its kind is protected, it belongs to another owner, or finalizers keep it. */
  readonly left: readonly ObjectReference[];
  /** What no rollback touches: definitions stay as new as they are, and Jobs do not run again. */
  readonly untouched: readonly ObjectReference[];
}

/** Told from the records of the failed release and of the one that put its predecessor back. */
export function restorationOf(failed: Release, restored: Release): Restoration {
  const kept = new Set(restored.objects.map(objectKey));
  const pending = new Set((restored.pending ?? []).map(objectKey));
  const added = failed.objects.filter(object => object.written && !kept.has(objectKey(object)));
  const changed = new Set(added.map(objectKey));
  const manifests = failed.manifests as unknown as readonly KubernetesObject[];
  return {
    restored: restored.objects.filter(({ written }) => written).map(plain),
    removed: added.filter(object => !pending.has(objectKey(object))).map(plain),
    left: added.filter(object => pending.has(objectKey(object))).map(plain),
    untouched: manifests
      .filter(object => isJob(object) || isDefinition(object))
      .map(object => plain(referenceTo(object)))
      .filter(object => !changed.has(objectKey(object))),
  };
}

function plain({ apiVersion, kind, namespace, name }: ObjectReference): ObjectReference {
  return { apiVersion, kind, ...defined({ namespace }), name };
}

/** One line for each thing that was done or not done, in words. */
export function restorationLines({ restored, removed, left, untouched }: Restoration): readonly string[] {
  const line = (words: string, objects: readonly ObjectReference[]): readonly string[] =>
    objects.length === 0 ? [] : [`${words}: ${shown(objects)}`];
  return [
    ...(restored.length === 0 ? ['Nothing had to be written'] : line('Put back', restored)),
    ...line('Removed, as the failed release had added them', removed),
    ...line('Left, as their kind is protected, they are not ours, or finalizers keep them', left),
    ...line('Not touched by a rollback', untouched),
  ];
}

const MAX_SHOWN = 20;

function shown(objects: readonly ObjectReference[]): string {
  const names = objects.slice(0, MAX_SHOWN).map(describeObject);
  return [...names, ...(objects.length > MAX_SHOWN ? [`and ${objects.length - MAX_SHOWN} more`] : [])].join(
    ', ',
  );
}
