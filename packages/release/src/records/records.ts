import type { ClusterClient } from '@slipway/cluster';
import {
  canonicalJson,
  defined,
  inParallel,
  type Release,
  SlipwayError,
  textMap,
  throwIfAny,
  VERDICTS,
  type VerdictName,
} from '@slipway/core';
import {
  APPLICATION,
  DEPLOYMENT_TAG,
  FORMATION,
  type KubernetesObject,
  type ObjectReference,
  referenceTo,
  uidIfAny,
  VERDICT,
} from '@slipway/kubernetes';

import { hasCode, isUnanswered } from '../cluster/expected-errors.ts';
import { namespaceProblems } from '../cluster/namespace.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { recordName, recordNumber } from '../names.ts';
import { asRead } from '../objects/identity.ts';
import type { ReleaseIdentity } from '../request.ts';
import { packRecord, readRecord } from './record.ts';

/** What identifies the records of a formation's releases. */
export type RecordOwner = Pick<ReleaseIdentity, 'application' | 'formation' | 'namespace'>;

/** A release as its record's metadata describe it; lists are sorted from the newest. */
export interface ReleaseEntry {
  readonly number: number;
  /** Absent while the release is open. */
  readonly verdict?: VerdictName | undefined;
  readonly deploymentTag?: string | undefined;
  readonly created: string;
  /** The record's. */
  readonly uid?: string | undefined;
}

/** All kept releases, newest first, from the records' metadata alone. */
export async function listReleases(client: ClusterClient, owner: RecordOwner): Promise<ReleaseEntry[]> {
  const { items } = await client.listMetadata({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: owner.namespace,
    labelSelector: `${APPLICATION}=${owner.application},${FORMATION}=${owner.formation},${VERDICT}`,
  });
  return items.flatMap(item => entryOf(owner, item)).sort((a, b) => b.number - a.number);
}

function entryOf(owner: RecordOwner, item: KubernetesObject): ReleaseEntry[] {
  const number = recordNumber(owner, item.metadata.name);
  if (number === undefined) return [];
  const verdict = VERDICTS.find(name => name === textMap(item.metadata['labels'] ?? null)[VERDICT]);
  const deploymentTag = textMap(item.metadata['annotations'] ?? null)[DEPLOYMENT_TAG];
  const created = String(item.metadata['creationTimestamp'] ?? '');
  return [{ number, verdict, deploymentTag, created, uid: uidIfAny(item) }];
}

/** The highest release number; 0 if there is no release. A release with a lower number has been superseded. */
export async function readLatestNumber(client: ClusterClient, owner: RecordOwner): Promise<number> {
  return (await listReleases(client, owner))[0]?.number ?? 0;
}

/** @throws SlipwayError `record-missing`, `record-broken`, `record-newer`, `record-inconsistent`, `namespace-missing`, `namespace-terminating` */
export async function readRelease(
  client: ClusterClient,
  owner: RecordOwner,
  number: number,
): Promise<Release> {
  const secret = await client.get(recordReference(owner, number));
  if (secret !== undefined) return (await readRecord(client, secret)).release;
  const known = (await listReleases(client, owner)).map(entry => entry.number);
  // Records are lost with their namespace, and then no deploy would help.
  if (known.length === 0) throwIfAny(await namespaceProblems(client, owner.namespace));
  throw new SlipwayError<ReleaseErrorCode>({
    code: 'record-missing',
    message: `${owner.application}/${owner.formation} has no release ${number} in namespace ${owner.namespace}`,
    remedy:
      known.length === 0
        ? 'deploy first, or check namespace and formation'
        : `the kept releases are ${known.join(', ')}`,
  });
}

/** Errors of records that cannot be read, by number: they were changed, or deleted since they were listed. */
export async function findUnreadable(
  client: ClusterClient,
  owner: RecordOwner,
  releases: readonly ReleaseEntry[],
): Promise<Map<number, SlipwayError>> {
  const unreadable = new Map<number, SlipwayError>();
  for (const { number } of releases) {
    try {
      await readRelease(client, owner, number);
    } catch (error) {
      if (!(error instanceof SlipwayError) || !/^record-/.test(error.code)) throw error;
      unreadable.set(number, error);
    }
  }
  return unreadable;
}

/**
 * Takes the next number by creating its record.
 * @param recordFor returns the record for a number
 */
export async function createRecord(
  client: ClusterClient,
  owner: RecordOwner,
  recordFor: (number: number) => Release,
): Promise<Release> {
  for (let number = (await readLatestNumber(client, owner)) + 1; ; number++) {
    const release = recordFor(number);
    const { secret, parts } = packRecord(release);
    // Parts are created first, so that a record that exists is complete.
    const created = await inParallel(parts, part => client.create(part));
    try {
      await client.create(secret);
      return release;
    } catch (error) {
      if (isUnanswered(error) && (await isStored(client, secret))) return release;
      if (!hasCode(error, 'cluster-exists')) throw error;
      await inParallel(created, part => client.delete(referenceTo(part), asRead(part)));
    }
  }
}

/** Whether a Secret is there with this content, for a request to create it whose answer was lost. */
async function isStored(client: ClusterClient, secret: KubernetesObject): Promise<boolean> {
  const live = await client.get(referenceTo(secret));
  return live !== undefined && canonicalJson(live['data'] ?? null) === canonicalJson(secret['data'] ?? null);
}

/** Replaces a record with what `change` returns, without losing a change that another writer made meanwhile. */
export async function changeRecord(
  client: ClusterClient,
  release: Release,
  change: (recorded: Release) => Release,
): Promise<Release> {
  for (;;) {
    const secret = await client.get(recordReference(release, release.number));
    if (secret === undefined) return await readRelease(client, release, release.number);
    const read = await readRecord(client, secret);
    const changed = change(read.release);
    const { resourceVersion, uid } = secret.metadata;
    const { secret: next, parts } = packRecord(changed, read.parts);
    // Parts are kept on a conflict, since the lost answer may have been a success; they are deleted with the record.
    await inParallel(parts, part => client.create(part));
    try {
      const versions = {
        ...defined({ resourceVersion, uid }),
      };
      await client.update({ ...next, metadata: { ...next.metadata, ...versions } });
      return changed;
    } catch (error) {
      if (!hasCode(error, 'cluster-conflict')) throw error;
    }
  }
}

/** Deletes the record that was listed: after a destroy, another one may get its number. */
export async function forgetRecord(
  client: ClusterClient,
  owner: RecordOwner,
  { number, uid }: ReleaseEntry,
): Promise<void> {
  await client.delete(recordReference(owner, number), defined({ uid }));
}

export function recordReference(owner: RecordOwner, number: number): ObjectReference {
  return { apiVersion: 'v1', kind: 'Secret', namespace: owner.namespace, name: recordName(owner, number) };
}
