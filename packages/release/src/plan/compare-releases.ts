import type { PlannedChange, Release } from '@slipway/core';
import { type KubernetesObject, keyOf, referenceTo } from '@slipway/kubernetes';
import { underGivenName } from '../content/given-names.ts';
import { diffFields } from '../objects/diff.ts';
import { isJob } from '../objects/kinds.ts';
import { restartsPods } from '../objects/pod-specs.ts';

/** What going from one release to another changes, by their recorded manifests: stand-ins are equal whatever their secrets are. */
export function compareReleases(from: Release, to: Release): PlannedChange[] {
  const [before, after] = [from, to].map(({ manifests }) => manifests as unknown as KubernetesObject[]);
  return compareManifests(before ?? [], after ?? []);
}

/** The same for objects that have the names of their contents: what changed is shown as such, under its given name. */
export function compareManifests(
  from: readonly KubernetesObject[],
  to: readonly KubernetesObject[],
): PlannedChange[] {
  const before = byGivenKey(from);
  const after = byGivenKey(to);
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key): PlannedChange[] => {
    const [old, next] = [before.get(key), after.get(key)];
    if (old === undefined)
      return next === undefined ? [] : [{ object: referenceTo(underGivenName(next)), action: 'create' }];
    if (next === undefined) return [{ object: referenceTo(underGivenName(old)), action: 'prune' }];
    return compareOne(old, next);
  });
}

function compareOne(old: KubernetesObject, next: KubernetesObject): PlannedChange[] {
  const fields = diffFields(underGivenName(old), underGivenName(next));
  const object = referenceTo(underGivenName(next));
  const isOther = old.metadata.name !== next.metadata.name;
  // A Secret's content is in no record, and its name tells of it.
  if (fields.length === 0)
    return isOther ? [{ object, action: 'change', note: 'its content is another' }] : [];
  if (isJob(next)) return [{ object, action: 'replace', fields, note: 'runs, since its content is another' }];
  const restarts = fields.some(({ pointer }) => restartsPods(next, pointer)) ? { restarts: true } : {};
  return [{ object, action: 'change', fields, ...restarts }];
}

function byGivenKey(objects: readonly KubernetesObject[]): Map<string, KubernetesObject> {
  return new Map(objects.map(object => [keyOf(underGivenName(object)), object]));
}
