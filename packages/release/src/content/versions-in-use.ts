import type { KubernetesObject } from '@slipway/core';
import { contentKey } from './naming.ts';
import { podReferences } from './pod-references.ts';

/** A version of a content that live workloads refer to. */
export interface UsedVersion {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly key: string;
}

/**
 * The versions that live workloads refer to, by the keys of their given names: the best guess of who may not read the records, so
 * that a plan does not show a change of every reference.
 */
export function versionsInUse(live: Iterable<KubernetesObject>): ReadonlyMap<string, UsedVersion> {
  const versions = new Map<string, UsedVersion>();
  for (const object of live)
    for (const { kind, name } of podReferences(object)) {
      const given = /^(.+)-[0-9a-f]{10}$/.exec(name)?.[1];
      if (given === undefined) continue;
      versions.set(contentKey(kind, object, given), { kind, name, key: contentKey(kind, object, name) });
    }
  return versions;
}
