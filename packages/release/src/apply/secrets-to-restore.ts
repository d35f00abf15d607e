import type { ClusterClient } from '@slipway/cluster';
import {
  isJsonObject,
  type JsonObject,
  parsePointer,
  type RecordedSecret,
  type Release,
  type Seal,
  textMap,
} from '@slipway/core';
import {
  CONTENT,
  contentName,
  givenNameOf,
  isJob,
  isNamedByContent,
  type KubernetesObject,
  keyOf,
  objectKey,
} from '@slipway/kubernetes';
import { underGivenName } from '../content/given-names.ts';
import { contentHash } from '../content/name-by-content.ts';
import { contentKey } from '../content/naming.ts';
import { withPodReferences } from '../content/pod-references.ts';
import { sealsByObject } from '../objects/body.ts';
import { withDataOnly } from '../objects/secret-data.ts';
import { readHashKey } from '../records/hash-key.ts';
import {
  contentReference,
  readKeptSecrets,
  sealedSecrets,
  secretCopyMissing,
} from '../records/secret-copies.ts';
import type { OpenedSecrets, Unseal } from '../request.ts';

/** What a rollback takes from the stores instead of restoring what was kept. */
export interface ReadAgain {
  /** The scalars that it fills, of the seals of the restored release; each with all of its seals. */
  readonly seals: readonly Seal[];
  /** Returns a Secret with these scalars filled. */
  readonly fill: Unseal;
  /** Which versions it read, for the record. */
  readonly versions: readonly RecordedSecret[];
}

/** A release as a rollback applies it, and what its Secrets hold. */
export interface SecretsToRestore extends OpenedSecrets {
  readonly release: Release;
}

/**
 * The Secrets of a release with what was kept of them, except for what was read again. One that is named by its content gets the name
 * of what it holds now, and the pods that refer to it follow.
 * @throws SlipwayError `secret-copy-missing`, `secret-copy-forgotten`
 */
export async function secretsToRestore(
  client: ClusterClient,
  release: Release,
  again: ReadAgain | undefined,
): Promise<SecretsToRestore> {
  const versions = restoredVersions(release, again);
  const fresh = sealsByObject(again?.seals ?? [], release.namespace);
  const isWhole = (secret: KubernetesObject): boolean => holdsOnly(release, secret, fresh.get(keyOf(secret)));
  const secrets = sealedSecrets(release);
  const whole = new Set(secrets.filter(isWhole).map(secret => keyOf(secret)));
  const kept = await readKeptSecrets(client, release, whole);
  if (again === undefined || fresh.size === 0) return { release, unseal: kept, versions };
  const content = (secret: KubernetesObject): KubernetesObject => {
    const seals = fresh.get(keyOf(secret));
    if (seals === undefined) return kept(secret);
    const filled = withDataOnly(again.fill(secret));
    return whole.has(keyOf(secret)) ? filled : withFields(kept(secret), filled, seals);
  };
  const opened = secrets.map(secret => ({ secret, open: content(secret) }));
  const key = await readHashKey(client, release);
  const names = new Map<string, NewName>();
  for (const { secret, open } of opened.filter(({ secret }) => isNamedByContent(secret))) {
    // Without the key that the release was named with, no other name of its would be the same.
    if (!key.kept) throw secretCopyMissing(release, secret, contentReference(release, secret).name);
    const hash = contentHash(underGivenName(open), release, key);
    names.set(keyOf(secret), { name: contentName(givenNameOf(secret), hash), hash });
  }
  const contents = new Map(
    opened.map(({ secret, open }) => [keyOf(named(secret, names)), open['data'] ?? {}] as const),
  );
  const unseal: Unseal = secret => {
    const { stringData: _standIns, ...others } = secret;
    return { ...others, data: contents.get(keyOf(secret)) } as KubernetesObject;
  };
  return { release: withNames(release, names), unseal, versions };
}

interface NewName {
  readonly name: string;
  readonly hash: string;
}

function restoredVersions(
  { secrets = [] }: Release,
  again: ReadAgain | undefined,
): readonly RecordedSecret[] {
  const read = new Set((again?.versions ?? []).map(({ word }) => word));
  return [...secrets.filter(({ word }) => !read.has(word)), ...(again?.versions ?? [])];
}

/** Whether every sealed scalar of a Secret is among those. */
function holdsOnly(release: Release, secret: KubernetesObject, fresh: readonly Seal[] = []): boolean {
  const pointers = new Set(fresh.map(({ pointer }) => pointer));
  const own = sealsByObject(release.seals, release.namespace).get(keyOf(secret)) ?? [];
  return own.every(({ pointer }) => pointers.has(pointer));
}

function withFields(
  kept: KubernetesObject,
  filled: KubernetesObject,
  seals: readonly Seal[],
): KubernetesObject {
  const [before, now] = [kept, filled].map(({ data }): JsonObject => (isJsonObject(data) ? data : {}));
  const fields = seals.map(({ pointer }) => parsePointer(pointer)[1] ?? '');
  const read = fields.map(field => [field, now?.[field] ?? '']);
  return { ...kept, metadata: kept.metadata, data: { ...before, ...Object.fromEntries(read) } };
}

function named(object: KubernetesObject, names: ReadonlyMap<string, NewName>): KubernetesObject {
  const own = names.get(keyOf(object));
  if (own === undefined) return object;
  const annotations = { ...textMap(object.metadata['annotations'] ?? null), [CONTENT]: own.hash };
  return { ...object, metadata: { ...object.metadata, name: own.name, annotations } };
}

/** Jobs have run with the content that they had, and do not run again. */
function withNames(release: Release, names: ReadonlyMap<string, NewName>): Release {
  const manifests = (release.manifests as unknown as KubernetesObject[]).map(object => {
    const renamed = named(object, names);
    if (isJob(object)) return renamed;
    return withPodReferences(
      renamed,
      (kind, name) => names.get(contentKey(kind, object, name))?.name ?? name,
    );
  });
  const seals = release.seals.map(seal => {
    const name = names.get(objectKey({ namespace: release.namespace, ...seal.object }))?.name;
    return name === undefined ? seal : { ...seal, object: { ...seal.object, name } };
  });
  return { ...release, manifests: manifests as unknown as Release['manifests'], seals };
}
