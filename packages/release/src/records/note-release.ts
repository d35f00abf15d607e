import type { ClusterClient } from '@slipway/cluster';
import { type Release, textMap } from '@slipway/core';
import { type KubernetesObject, type ObjectReference, REPOSITORY } from '@slipway/kubernetes';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import { isOvertaken, unlessForbidden } from '../cluster/expected-errors.ts';
import { statusName } from '../names.ts';
import type { RecordOwner } from './records.ts';
import { notedMetadata, parseNote, type StatusNote, verdictAnnotations } from './status-note.ts';

/**
 * Notes a release that was just recorded, and so is the newest, on a Lease of its own, beside the lock: the lock's disappears when a run
 * releases it, and waiting runs look at its version. Written before the first object, so that nothing is deployed of which the note does
 * not know. Whatever is noted is replaced: a higher number than the newest release's is not from a release.
 * @param repository `owner/name`; empty to leave what is noted
 */
export async function noteNewest(client: ClusterClient, release: Release, repository: string): Promise<void> {
  await changeLease(client, release, live => notedOn(live, release, repository, new Map()));
}

/**
 * Notes a release again, unless a newer one is noted by now.
 * @param repository `owner/name`; empty to leave what is noted
 * @param owned hashes of the fields that the release owns, by object, as far as they are known
 */
export async function noteRelease(
  client: ClusterClient,
  release: Release,
  repository: string,
  owned: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  await changeLease(client, release, live => {
    const noted = live === undefined ? 0 : (parseNote(live)?.number ?? 0);
    return noted > release.number ? undefined : notedOn(live, release, repository, owned);
  });
}

function notedOn(
  live: KubernetesObject | undefined,
  release: Release,
  repository: string,
  owned: ReadonlyMap<string, string>,
): Metadata {
  const known = textMap(live?.metadata['annotations'] ?? null)[REPOSITORY] ?? '';
  return { ...live?.metadata, ...notedMetadata(release, repository || known, owned) };
}

/** Adds the verdict to the note of a release. Nothing is written without the right to, nor once a newer release is noted. */
export async function noteVerdict(client: ClusterClient, release: Release): Promise<void> {
  await unlessForbidden(
    changeLease(client, release, live => {
      if (live === undefined || parseNote(live)?.number !== release.number) return undefined;
      const annotations = {
        ...textMap(live.metadata['annotations'] ?? null),
        ...verdictAnnotations(release),
      };
      return { ...live.metadata, annotations };
    }),
  );
}

/** The note of a formation's newest release; undefined if there is none. */
export async function readNote(client: ClusterClient, owner: RecordOwner): Promise<StatusNote | undefined> {
  const live = await client.get(statusReference(owner));
  return live && parseNote(live);
}

export async function forgetNote(client: ClusterClient, owner: RecordOwner): Promise<void> {
  const live = await client.get(statusReference(owner));
  if (live !== undefined) await deleteAsRead(client, live);
}

type Metadata = Partial<KubernetesObject['metadata']>;

/** @param change returns the metadata that the Lease is to have, or undefined to leave it */
async function changeLease(
  client: ClusterClient,
  owner: RecordOwner,
  change: (live: KubernetesObject | undefined) => Metadata | undefined,
): Promise<void> {
  const { apiVersion, kind, namespace, name } = statusReference(owner);
  for (;;) {
    const live = await client.get({ apiVersion, kind, namespace, name });
    const metadata = change(live);
    if (metadata === undefined) return;
    const lease = { apiVersion, kind, spec: {}, ...live, metadata: { ...metadata, name, namespace } };
    try {
      await (live === undefined ? client.create(lease) : client.update(lease));
      return;
    } catch (error) {
      if (!isOvertaken(error, live !== undefined)) throw error;
    }
  }
}

function statusReference(owner: RecordOwner): ObjectReference & { readonly namespace: string } {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: owner.namespace,
    name: statusName(owner),
  };
}
