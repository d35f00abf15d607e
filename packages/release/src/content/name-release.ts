import type { Release, Seal } from '@slipway/core';
import { type KubernetesObject, nameBeforeContent, objectKey } from '@slipway/kubernetes';
import type { ReleaseRequest, ResolvedObject, Unseal } from '../request.ts';
import { givenKey, isVersion } from './given-names.ts';
import { byGivenName, type HashKey, type NamingContext, nameByContent } from './name-by-content.ts';
import { contentKey } from './naming.ts';
import { podReferences } from './pod-references.ts';

/** What is known when the objects of a release get their names. */
export interface NamingKnowledge {
  readonly previous: Release | undefined;
  /** The live objects of the release's set, by key. */
  readonly members: ReadonlyMap<string, KubernetesObject>;
  readonly key: HashKey | undefined;
  readonly unseal: Unseal | undefined;
  /** Whether Secrets, and with them the records, cannot be read. */
  readonly isBlind: boolean;
}

export interface NamedRelease {
  readonly objects: readonly ResolvedObject[];
  readonly seals: readonly Seal[];
  /** Opens Secrets under their new names. */
  readonly unseal: Unseal | undefined;
  readonly versionOf: NamingContext['versionOf'];
}

/** The objects of a release under the names of their contents; those of a record already have them. */
export function nameRelease(
  { restores, identity, seals }: ReleaseRequest,
  placed: readonly ResolvedObject[],
  { previous, members, key, unseal, isBlind }: NamingKnowledge,
): NamedRelease {
  const used = isBlind ? versionsInUse(members.values()) : new Map<string, UsedVersion>();
  const recorded = new Map(
    (previous?.objects ?? []).filter(isVersion).map(object => [givenKey(object), objectKey(object)]),
  );
  const versionOf = (given: string): KubernetesObject | undefined =>
    members.get(recorded.get(given) ?? used.get(given)?.key ?? '');
  if (restores !== undefined) return { objects: placed, seals, unseal, versionOf };
  const assumedName = (given: string): string | undefined =>
    used.get(given)?.kind === 'Secret' ? used.get(given)?.name : undefined;
  const named = nameByContent(placed, { identity, seals, key, unseal, versionOf, assumedName });
  return { ...named, unseal: unseal && byGivenName(unseal), versionOf };
}

/** A version of a content that live workloads refer to. */
interface UsedVersion {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly key: string;
}

/**
 * The versions that live workloads refer to, by the keys of their given names. It is the best guess without access to the records,
 * so that a plan does not show every reference as changed.
 */
function versionsInUse(live: Iterable<KubernetesObject>): ReadonlyMap<string, UsedVersion> {
  const versions = new Map<string, UsedVersion>();
  for (const object of live)
    for (const { kind, name } of podReferences(object)) {
      const given = nameBeforeContent(name);
      if (given === undefined) continue;
      versions.set(contentKey(kind, object, given), { kind, name, key: contentKey(kind, object, name) });
    }
  return versions;
}
