import type { ClusterClient } from '@slipway/cluster';
import {
  excerpt,
  inParallel,
  type JsonValue,
  quote,
  type Release,
  SlipwayError,
  textMap,
} from '@slipway/core';
import {
  APPLICATION,
  CONTENT,
  describeObject,
  FORMATION,
  isNamedByContent,
  type KubernetesObject,
  keyOf,
  type ObjectReference,
  RECORD_OF,
  referenceTo,
  SECRET_COPY_TYPE,
} from '@slipway/kubernetes';

import { unlessCode } from '../cluster/expected-errors.ts';
import { underGivenName } from '../content/given-names.ts';
import { contentHash, type HashKey } from '../content/name-by-content.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { secretCopyName } from '../names.ts';
import { sealsByObject } from '../objects/body.ts';
import { asRead } from '../objects/identity.ts';
import { withDataOnly } from '../objects/secret-data.ts';
import type { Unseal } from '../request.ts';
import { readHashKey } from './hash-key.ts';
import { ownSecret } from './own-secret.ts';
import type { RecordOwner } from './records.ts';

/** Characters of the names of secrets in a message. */
const MAX_WORDS = 200;

/** The Secrets of a release whose content is not part of its record. */
export function sealedSecrets(release: Release): KubernetesObject[] {
  const seals = sealsByObject(release.seals, release.namespace);
  return (release.manifests as unknown as KubernetesObject[]).filter(object => seals.has(keyOf(object)));
}

/** Stores the content of a release's sealed Secrets in the cluster, so that a rollback to it needs no secret store. */
export async function keepSecrets(client: ClusterClient, release: Release, unseal: Unseal): Promise<void> {
  // A Secret named by its content is its own copy: it never changes, and is kept as long as the record.
  const changing = sealedSecrets(release).filter(secret => !isNamedByContent(secret));
  await inParallel(changing, async secret => {
    const copy = copyOf(release, secret, withDataOnly(unseal(secret))['data'] ?? {});
    const created = await unlessCode('cluster-exists', () => client.create(copy));
    if (created !== undefined) return;
    // A leftover of a deleted record with the same number: its content is not this release's.
    const fieldSelector = `metadata.name=${copy.metadata.name}`;
    const { namespace } = release;
    const { items } = await client.listMetadata({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace,
      fieldSelector,
    });
    await inParallel(items, item => client.delete(referenceTo(copy), asRead(item)));
    await client.create(copy);
  });
}

function copyOf(release: Release, secret: KubernetesObject, data: JsonValue): KubernetesObject {
  return ownSecret(release, {
    name: secretCopyName(release, release.number, keyOf(secret)),
    type: SECRET_COPY_TYPE,
    labels: { [RECORD_OF]: String(release.number) },
    immutable: true,
    data,
  });
}

/**
 * Reads the kept content of a release's Secrets.
 * @param others keys of Secrets whose kept content is not needed
 * @returns a function that returns a Secret with its content
 * @throws SlipwayError `secret-copy-missing`, `secret-copy-forgotten`
 */
export async function readKeptSecrets(
  client: ClusterClient,
  release: Release,
  others: ReadonlySet<string> = new Set(),
): Promise<Unseal> {
  const contents = new Map<string, unknown>();
  const key = await readHashKey(client, release);
  const isKept = (secret: KubernetesObject, copy: KubernetesObject): boolean =>
    isNamedByContent(secret) ? hasContent(secret, copy, release, key) : copy['type'] === SECRET_COPY_TYPE;
  const needed = sealedSecrets(release).filter(secret => !others.has(keyOf(secret)));
  await inParallel(needed, async secret => {
    const reference = contentReference(release, secret);
    const copy = await client.get(reference);
    if (copy === undefined || !isKept(secret, copy)) throw notKept(release, secret, reference.name);
    contents.set(keyOf(secret), copy['data'] ?? {});
  });
  return secret => {
    const { stringData: _standIns, ...others } = secret;
    return { ...others, data: contents.get(keyOf(secret)) } as KubernetesObject;
  };
}

/** Whether a Secret still has the content that it was named by: anyone who can edit the namespace can replace it. */
function hasContent(
  recorded: KubernetesObject,
  copy: KubernetesObject,
  owner: RecordOwner,
  key: HashKey,
): boolean {
  const hash = textMap(recorded.metadata['annotations'] ?? null)[CONTENT];
  return hash === contentHash(underGivenName({ ...copy, metadata: recorded.metadata }), owner, key);
}

/** Where the content of a Secret of a release is kept. */
export function contentReference(release: Release, secret: KubernetesObject): ObjectReference {
  if (isNamedByContent(secret)) return referenceTo(secret);
  const name = secretCopyName(release, release.number, keyOf(secret));
  return { apiVersion: 'v1', kind: 'Secret', namespace: release.namespace, name };
}

function notKept(release: Release, secret: KubernetesObject, name: string): SlipwayError<ReleaseErrorCode> {
  const words = new Set(wordsOf(release, secret));
  const forgotten = (release.secrets ?? []).find(
    entry => entry.forgotten !== undefined && words.has(entry.word),
  );
  if (forgotten === undefined) return secretCopyMissing(release, secret, name);
  return new SlipwayError({
    code: 'secret-copy-forgotten',
    message: `release ${release.number} cannot be restored: the kept copy of ${describeObject(referenceTo(secret))}, with ${shownWords([...words])}, was removed by "mode: forget" at ${forgotten.forgotten}`,
    remedy:
      'set "on-rollback: current" for its secrets and let the step read them, name another release in "to", or deploy that snapshot again',
  });
}

/** The words of the secrets that a Secret of a release holds. */
export function wordsOf(release: Release, secret: KubernetesObject): string[] {
  const seals = sealsByObject(release.seals, release.namespace).get(keyOf(secret)) ?? [];
  return [...new Set(seals.map(({ word }) => word))].sort();
}

export function shownWords(words: readonly string[]): string {
  return excerpt(words.map(word => `secret.${word}`).join(', '), MAX_WORDS);
}

export function secretCopyMissing(
  release: Release,
  secret: KubernetesObject,
  name: string,
): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'secret-copy-missing',
    message: `the kept content ${quote(name)} of ${describeObject(referenceTo(secret))} in release ${release.number} is missing or was changed`,
    remedy: 'deploy that release again instead',
  });
}

/** Deletes the kept Secrets of a release whose record is deleted. */
export async function forgetSecrets(
  client: ClusterClient,
  owner: RecordOwner,
  number: number,
): Promise<void> {
  const { application, formation, namespace } = owner;
  const labelSelector = `${APPLICATION}=${application},${FORMATION}=${formation},${RECORD_OF}=${number}`;
  const { items } = await client.listMetadata({ apiVersion: 'v1', kind: 'Secret', namespace, labelSelector });
  await inParallel(items, item => client.delete({ ...referenceTo(item), namespace }, asRead(item)));
}
