import type { PlannedChange, Release } from '@slipway/core';
import { isJob, type KubernetesObject, keyOf, referenceTo } from '@slipway/kubernetes';
import { withoutTrack } from '@slipway/steps';
import { underGivenName } from '../content/given-names.ts';
import { diffFields } from '../objects/diff.ts';
import { restartsPods } from '../objects/pod-specs.ts';

/** The changes from one release to another, by their recorded manifests. Stand-ins are equal, whatever the secrets are. */
export function compareReleases(from: Release, to: Release): PlannedChange[] {
  const [before, after] = [from, to].map(({ manifests }) => manifests as unknown as KubernetesObject[]);
  return compareManifests(before ?? [], after ?? []);
}

/** The changes between objects that are named by their content, shown under their given names. */
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
  // The label that releases in steps need is not in the manifests, and comes with a change of the pods only.
  const fields = diffFields(withoutTrack(underGivenName(old)), withoutTrack(underGivenName(next)));
  const object = referenceTo(underGivenName(next));
  const isOther = old.metadata.name !== next.metadata.name;
  // A Secret's content is not recorded, but its name shows that it changed.
  if (fields.length === 0) return isOther ? [{ object, action: 'change', note: 'its content changed' }] : [];
  if (isJob(next)) return [{ object, action: 'replace', fields, note: 'runs, because its content changed' }];
  const restarts = restartsPods({ before: old, after: next, fields }) ? { restarts: true } : {};
  return [{ object, action: 'change', fields, ...restarts }];
}

function byGivenKey(objects: readonly KubernetesObject[]): Map<string, KubernetesObject> {
  return new Map(objects.map(object => [keyOf(underGivenName(object)), object]));
}
