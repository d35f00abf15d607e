import { type KubernetesObject, type PlannedChange, type Release, referenceTo } from '@slipway/core';
import { underGivenName } from '../content/given-names.ts';
import { isContentKind } from '../content/naming.ts';
import { keyOf } from '../objects/body.ts';
import { diffFields } from '../objects/diff.ts';
import { restartsPods } from '../objects/pod-specs.ts';

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
    const restarts = fields.some(({ pointer }) => restartsPods(next, pointer)) ? { restarts: true } : {};
    return fields.length === 0 ? [] : [{ object: referenceTo(next), action: 'change', fields, ...restarts }];
  });
}

function manifestsOf({ manifests }: Release): Map<string, KubernetesObject> {
  const objects = (manifests as unknown as KubernetesObject[]).map(object =>
    isContentKind(object) ? underGivenName(object) : object,
  );
  return new Map(objects.map(object => [keyOf(object), object]));
}
