import type { ClusterClient } from '@slipway/cluster';
import { inParallel, isJsonObject, parsePointer, type Release, textMap } from '@slipway/core';
import {
  APPLICATION,
  FORMATION,
  givenNameOf,
  isNamedByContent,
  type KubernetesObject,
  keyOf,
  type ObjectReference,
  objectKey,
  PART_OF,
  RECORD_OF,
  referenceTo,
  SECRET_COPY_TYPE,
} from '@slipway/kubernetes';
import { underGivenName } from '../content/given-names.ts';
import { applySetId, secretCopyName } from '../names.ts';
import { sealsByObject } from '../objects/body.ts';
import type { RecordOwner } from './records.ts';
import { contentReference, sealedSecrets, wordsOf } from './secret-copies.ts';

/** A Secret in the cluster that keeps what a secret was in some releases. */
export interface Holder {
  readonly reference: ObjectReference;
  /** Undefined if it does not exist. */
  readonly live: KubernetesObject | undefined;
  /** The releases that it is kept for; none for one that a run left whose record is gone. */
  readonly releases: readonly number[];
  /** Every secret that it holds, which is lost with it. */
  readonly words: readonly string[];
  /** Whether it is there for a rollback, and not an object that a release left behind. */
  readonly isCopy: boolean;
  /** The content of the scalars with the secret, to compare; never shown. */
  readonly scalars: string;
}

/** How the Secrets that hold a word are called, and where in them it is. */
interface Shape {
  /** The key by its given name. */
  readonly given: string;
  readonly fields: readonly string[];
  readonly words: readonly string[];
}

/** Every Secret that keeps a secret for these releases, and what is left of others: copies of lost records, objects that left. */
export async function findHolders(
  client: ClusterClient,
  newest: Release,
  releases: readonly Release[],
  word: string,
): Promise<Holder[]> {
  const kept = releases.flatMap(release => keptBy(release, word));
  const shapes = new Map(kept.map(({ shape }) => [shape.given, shape]));
  const lost = await lostCopies(client, newest, shapes, kept);
  const byKey = Map.groupBy([...kept, ...lost], ({ reference }) => objectKey(reference));
  return await inParallel([...byKey.values()], async (same): Promise<Holder> => {
    const [{ reference, shape }] = same as [Kept, ...Kept[]];
    const live = await client.get(reference);
    return {
      ...{ reference, live },
      releases: same.flatMap(({ number }) => (number === undefined ? [] : [number])),
      words: [...new Set(same.flatMap(one => one.shape.words))].sort(),
      isCopy: live !== undefined && (live['type'] === SECRET_COPY_TYPE || isNamedByContent(live)),
      scalars: scalarsIn(live, shape),
    };
  });
}

interface Kept {
  readonly reference: ObjectReference;
  readonly shape: Shape;
  readonly number?: number;
}

function keptBy(release: Release, word: string): Kept[] {
  return holding(release, word).map(secret => ({
    ...{ reference: contentReference(release, secret), number: release.number },
    shape: shapeOf(release, secret, word),
  }));
}

/** The Secrets of a release that hold a word. */
export function holding(release: Release, word: string): KubernetesObject[] {
  return sealedSecrets(release).filter(secret => wordsOf(release, secret).includes(word));
}

function shapeOf(release: Release, secret: KubernetesObject, word: string): Shape {
  const seals = sealsByObject(release.seals, release.namespace).get(keyOf(secret)) ?? [];
  const own = seals.filter(seal => seal.word === word);
  return {
    given: keyOf(underGivenName(secret)),
    fields: [...new Set(own.map(({ pointer }) => parsePointer(pointer)[1] ?? ''))].sort(),
    words: wordsOf(release, secret),
  };
}

function scalarsIn(secret: KubernetesObject | undefined, { fields }: Shape): string {
  const data = secret?.['data'];
  return JSON.stringify(fields.map(field => (isJsonObject(data) ? (data[field] ?? null) : null)));
}

/** The live Secrets that a release applied under the given name, which hold the word too. */
export async function liveScalars(
  client: ClusterClient,
  release: Release,
  word: string,
): Promise<ReadonlySet<string>> {
  const found = await inParallel(holding(release, word), async secret => {
    const shape = shapeOf(release, secret, word);
    const objects = await inParallel([referenceTo(secret), contentReference(release, secret)], reference =>
      client.get(reference),
    );
    return objects.filter(object => object !== undefined).map(object => scalarsIn(object, shape));
  });
  return new Set(found.flat());
}

/** Copies of releases without a record, as runs that died leave them, and objects that the newest release does not have. */
async function lostCopies(
  client: ClusterClient,
  newest: Release,
  shapes: ReadonlyMap<string, Shape>,
  kept: readonly Kept[],
): Promise<Kept[]> {
  const { application, formation, namespace } = newest;
  const manifests = newest.manifests as unknown as KubernetesObject[];
  const known = new Set([
    ...kept.map(({ reference }) => objectKey(reference)),
    ...manifests.map(object => keyOf(object)),
  ]);
  const list = async (labelSelector: string): Promise<readonly KubernetesObject[]> =>
    (await client.listMetadata({ apiVersion: 'v1', kind: 'Secret', namespace, labelSelector })).items;
  const [copies, members] = await Promise.all([
    list(`${APPLICATION}=${application},${FORMATION}=${formation},${RECORD_OF}`),
    list(`${PART_OF}=${applySetId(newest, namespace)}`),
  ]);
  const found = [
    ...copies.flatMap(copy => matching(copy, shapes, given => copyName(newest, copy, given))),
    ...members.flatMap(member =>
      matching(member, shapes, given => (given === givenKeyOf(member) ? member.metadata.name : '')),
    ),
  ];
  return found.filter(({ reference }) => !known.has(objectKey(reference)));
}

function copyName(owner: RecordOwner, { metadata }: KubernetesObject, given: string): string {
  return secretCopyName(owner, Number(textMap(metadata['labels'] ?? null)[RECORD_OF]), given);
}

function givenKeyOf(version: KubernetesObject): string {
  return keyOf({ ...version, metadata: { ...version.metadata, name: givenNameOf(version) } });
}

function matching(
  { metadata }: KubernetesObject,
  shapes: ReadonlyMap<string, Shape>,
  nameFor: (given: string) => string,
): Kept[] {
  const { name, namespace } = metadata;
  const reference = { apiVersion: 'v1', kind: 'Secret', namespace: String(namespace), name };
  return [...shapes].filter(([given]) => nameFor(given) === name).map(([, shape]) => ({ reference, shape }));
}
