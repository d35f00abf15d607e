import { type KubernetesObject, objectKey, type Release, type Seal } from '@slipway/core';
import type { PlacedObject, ReleaseRequest, Unseal } from '../request.ts';
import { givenKey, isVersion } from './given-names.ts';
import { byGivenName, type HashKey, type NamingContext, nameByContent } from './name-by-content.ts';
import { type UsedVersion, versionsInUse } from './versions-in-use.ts';

/** What is known when the objects of a release get their names. */
export interface NamingKnowledge {
  readonly previous: Release | undefined;
  /** The live objects of the release's set, by key. */
  readonly members: ReadonlyMap<string, KubernetesObject>;
  readonly key: HashKey | undefined;
  readonly unseal: Unseal | undefined;
  /** Whether Secrets, and with them the records, can't be read. */
  readonly isBlind: boolean;
}

export interface NamedRelease {
  readonly objects: readonly PlacedObject[];
  readonly seals: readonly Seal[];
  /** Opens Secrets under the names that they have now. */
  readonly unseal: Unseal | undefined;
  readonly versionOf: NamingContext['versionOf'];
}

/** The objects of a release under the names that their contents give them; those of a record have theirs already. */
export function nameRelease(
  { restores, identity, seals }: ReleaseRequest,
  placed: readonly PlacedObject[],
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
