import type { ClusterClient } from '@slipway/cluster';
import {
  type JsonValue,
  quote,
  type RecordKeys,
  type SignedThing,
  SlipwayError,
  textMap,
} from '@slipway/core';
import {
  APPLICATION,
  DEPLOYMENT_TAG,
  DESTINATION,
  FORMATION,
  type KubernetesObject,
  MAC,
  RECORD_OF,
  RECORD_TYPE,
  SECRET_COPY_TYPE,
  VERDICT,
} from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';

export interface RecordGuard {
  readonly keys: RecordKeys;
  /** The destination, if the caller knows it: records of another one are refused. */
  readonly destination?: string | undefined;
}

/**
 * The client, which adds a MAC to every release record and kept Secret that it writes, and refuses to read one without a valid MAC.
 * The MAC covers the name (and so application, formation and number), the namespace, the destination, Slipway's labels and
 * annotations, and the content including the digest: a record can be neither changed nor copied elsewhere.
 */
export function withRecordKeys(client: ClusterClient, guard: RecordGuard | undefined): ClusterClient {
  if (guard === undefined) return client;
  const signed = (object: KubernetesObject): KubernetesObject => sign(object, guard.keys);
  return {
    ...client,
    async get(reference) {
      const object = await client.get(reference);
      if (object !== undefined) verify(object, guard);
      return object;
    },
    create: async (object, options) => await client.create(signed(object), options),
    update: async object => await client.update(signed(object)),
    within: limit => withRecordKeys(client.within(limit), guard),
  };
}

function thingOf({ apiVersion, kind, type }: KubernetesObject): SignedThing | undefined {
  if (apiVersion !== 'v1' || kind !== 'Secret') return undefined;
  if (type === RECORD_TYPE) return 'release';
  return type === SECRET_COPY_TYPE ? 'release-secret' : undefined;
}

/** The metadata that Slipway reads; the rest belongs to the server or to others. */
const LABELS = [APPLICATION, FORMATION, VERDICT, RECORD_OF];
const ANNOTATIONS = [DEPLOYMENT_TAG, DESTINATION];

function covered({ metadata, data }: KubernetesObject): JsonValue {
  const [labels, annotations] = [textMap(metadata['labels']), textMap(metadata['annotations'])];
  return {
    namespace: String(metadata['namespace']),
    name: metadata.name,
    labels: LABELS.map(key => labels[key] ?? null),
    annotations: ANNOTATIONS.map(key => annotations[key] ?? null),
    data: Object.fromEntries(
      Object.entries(textMap(data ?? null)).map(([key, text]) => [key, asServerReturnsIt(text)]),
    ),
  };
}

/** The API server stores bytes, so it returns base64 in its canonical form. */
function asServerReturnsIt(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64');
}

function sign(object: KubernetesObject, keys: RecordKeys): KubernetesObject {
  const thing = thingOf(object);
  if (thing === undefined) return object;
  const annotations = {
    ...textMap(object.metadata['annotations']),
    [MAC]: keys.sign(thing, covered(object)),
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** @throws SlipwayError `record-unverified` */
function verify(object: KubernetesObject, { keys, destination }: RecordGuard): void {
  const thing = thingOf(object);
  if (thing === undefined) return;
  const annotations = textMap(object.metadata['annotations']);
  const mac = annotations[MAC];
  if (!keys.verifies(thing, covered(object), mac)) throw recordUnverified(object, mac === undefined);
  const recorded = annotations[DESTINATION];
  if (destination !== undefined && recorded !== undefined && recorded !== destination)
    throw recordMisplaced(object, recorded);
}

function recordUnverified(
  { metadata }: KubernetesObject,
  isMissing: boolean,
): SlipwayError<ReleaseErrorCode> {
  const { name, namespace } = metadata;
  const remove = `and delete it: kubectl delete secret ${name} --namespace ${String(namespace)}`;
  return new SlipwayError<ReleaseErrorCode>({
    code: 'record-unverified',
    message: `the Secret ${quote(name)} in namespace ${quote(String(namespace))} has ${isMissing ? 'no MAC' : 'a MAC that no key of record-key made'}`,
    remedy: isMissing
      ? `if it was written before record-key was set, add the line accept-unsigned to record-key for one deploy; otherwise find out who wrote it, ${remove}`
      : `if the key was replaced, add the old one as another line of record-key; otherwise find out who changed it, ${remove}`,
  });
}

function recordMisplaced({ metadata }: KubernetesObject, recorded: string): SlipwayError<ReleaseErrorCode> {
  const { name, namespace } = metadata;
  return new SlipwayError<ReleaseErrorCode>({
    code: 'record-unverified',
    message: `the Secret ${quote(name)} is a record of the destination ${quote(recorded)} that was copied here`,
    remedy: `find out who copied it, and delete it: kubectl delete secret ${name} --namespace ${String(namespace)}`,
  });
}
