import { type KubernetesObject, type PlannedChange, type Release, referenceTo } from '@slipway/core';
import { keyOf } from '../objects/body.ts';
import { diffFields } from '../objects/diff.ts';

/** What going from one release to another changes, by their recorded manifests: stand-ins are equal whatever their secrets are. */
export function compareReleases(from: Release, to: Release): PlannedChange[] {
  const before = manifestsOf(from);
  const after = manifestsOf(to);
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key): PlannedChange[] => {
    const [old, next] = [before.get(key), after.get(key)];
    if (old === undefined) return next === undefined ? [] : [{ object: referenceTo(next), action: 'create' }];
    if (next === undefined) return [{ object: referenceTo(old), action: 'prune' }];
    const fields = diffFields(old, next);
    return fields.length === 0 ? [] : [{ object: referenceTo(next), action: 'change', fields }];
  });
}

function manifestsOf({ manifests }: Release): Map<string, KubernetesObject> {
  return new Map((manifests as unknown as KubernetesObject[]).map(object => [keyOf(object), object]));
}
