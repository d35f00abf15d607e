import { randomBytes } from 'node:crypto';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, quote, SlipwayError } from '@slipway/core';
import { HASH_KEY_TYPE } from '@slipway/kubernetes';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import type { HashKey } from '../content/name-by-content.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { hashKeyName } from '../names.ts';
import { ownSecret } from './own-secret.ts';
import type { RecordOwner } from './records.ts';

const KEY_BYTES = 32;

/**
 * The formation's key, or a new one that is not stored yet.
 * @throws SlipwayError `record-broken` if the Secret of its name does not contain a key
 */
export async function readHashKey(client: ClusterClient, owner: RecordOwner): Promise<HashKey> {
  const secret = await unlessForbidden(client.get(keyReference(owner)));
  if (secret === undefined) return { bytes: randomBytes(KEY_BYTES), kept: false };
  const data = secret['data'];
  const bytes = Buffer.from(isJsonObject(data) ? String(data['key'] ?? '') : '', 'base64');
  if (secret['type'] !== HASH_KEY_TYPE || bytes.length !== KEY_BYTES) throw hashKeyBroken(owner);
  return { bytes, kept: true };
}

/**
 * Stores a new key; must be called under the formation's lock.
 * @throws SlipwayError `cluster-exists` if another run was faster
 */
export async function keepHashKey(client: ClusterClient, owner: RecordOwner, key: HashKey): Promise<void> {
  if (key.kept) return;
  const data = { key: key.bytes.toString('base64') };
  await client.create(
    ownSecret(owner, { name: hashKeyName(owner), type: HASH_KEY_TYPE, immutable: true, data }),
  );
}

export async function forgetHashKey(client: ClusterClient, owner: RecordOwner): Promise<void> {
  const key = await client.get(keyReference(owner));
  if (key !== undefined) await deleteAsRead(client, key);
}

function keyReference(owner: RecordOwner) {
  return { apiVersion: 'v1', kind: 'Secret', namespace: owner.namespace, name: hashKeyName(owner) };
}

function hashKeyBroken(owner: RecordOwner): SlipwayError<ReleaseErrorCode> {
  const name = hashKeyName(owner);
  return new SlipwayError({
    code: 'record-broken',
    message: `the Secret ${quote(name)} in namespace ${quote(owner.namespace)} no longer contains a key`,
    remedy: `find out who changed it, and delete it: kubectl delete secret ${name} --namespace ${owner.namespace}; every Secret that is named by its content then gets a new name, and its pods restart once`,
  });
}
