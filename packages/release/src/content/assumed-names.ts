import type { KubernetesObject } from '@slipway/core';
import { contentKey } from './naming.ts';
import { podReferences } from './pod-references.ts';

/**
 * The names by which live workloads know contents, by the keys of their given names: the best guess of who may not read Secrets,
 * so that a plan does not show a change of every reference.
 */
export function assumedNames(live: Iterable<KubernetesObject>): (key: string) => string | undefined {
  const names = new Map<string, string>();
  for (const object of live)
    for (const { kind, name } of podReferences(object)) {
      const given = /^(.+)-[0-9a-f]{10}$/.exec(name)?.[1];
      if (given !== undefined) names.set(contentKey(kind, object, given), name);
    }
  return key => names.get(key);
}
