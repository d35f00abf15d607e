import { gunzipSync, gzipSync } from 'node:zlib';
import type { ClusterClient } from '@slipway/cluster';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
  type Release,
  SlipwayError,
  stringifyJson,
} from '@slipway/core';
import {
  DEPLOYMENT_TAG,
  DESTINATION,
  type KubernetesObject,
  RECORD_TYPE,
  VERDICT,
} from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { recordName } from '../names.ts';
import { contradictionIn, OPEN, recordInconsistent } from './contradictions.ts';
import { parseRecord } from './newer-record.ts';
import { ownSecret } from './own-secret.ts';
import { MAX_SECRET_BYTES, type RecordPart, readParts, splitContent } from './parts.ts';

/** Bytes of an unpacked record; a larger one was not written by Slipway. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** A run reads the newest record several times. It is asked for each time, and unpacked and checked again only if it has changed. */
let lastRead: { readonly packed: string; readonly head: Release } | undefined;

/** A record with the Secrets that must exist before it: the parts that hold manifests for which it has no room. */
interface PackedRecord {
  readonly secret: KubernetesObject;
  readonly parts: readonly KubernetesObject[];
}

/**
 * The Secrets of a record. Manifests never change, so those that are already in parts stay there.
 * @throws SlipwayError `record-too-large` if the record is too large even without its manifests
 */
export function packRecord(release: Release, existing?: readonly RecordPart[]): PackedRecord {
  const whole = existing === undefined ? pack(release) : undefined;
  if (whole !== undefined && whole.length <= MAX_SECRET_BYTES)
    return { secret: recordSecret(release, { release: whole }), parts: [] };
  const { manifests, ...others } = release;
  const split =
    existing === undefined
      ? splitContent(release, release.number, pack(manifests))
      : { parts: existing, secrets: [] };
  const head = pack({ ...others, manifests: [] });
  if (head.length > MAX_SECRET_BYTES) throw recordTooLarge(head.length, MAX_SECRET_BYTES);
  const parts = Buffer.from(stringifyJson(split.parts));
  return { secret: recordSecret(release, { release: head, manifests: parts }), parts: split.secrets };
}

/** The main Secret of a record. Its verdict is a label, so that records can be selected without being unpacked. */
function recordSecret(release: Release, data: Readonly<Record<string, Buffer>>): KubernetesObject {
  const encoded = Object.entries(data).map(([key, bytes]) => [key, bytes.toString('base64')]);
  return ownSecret(release, {
    name: recordName(release, release.number),
    type: RECORD_TYPE,
    labels: { [VERDICT]: release.verdict ?? OPEN },
    annotations: {
      ...(release.deploymentTag === undefined ? {} : { [DEPLOYMENT_TAG]: release.deploymentTag }),
      ...(release.destination === undefined ? {} : { [DESTINATION]: release.destination }),
    },
    data: Object.fromEntries(encoded),
  });
}

function pack(content: unknown): Buffer {
  const text = Buffer.from(stringifyJson(content));
  if (text.length > MAX_UNPACKED_BYTES) throw recordTooLarge(text.length, MAX_UNPACKED_BYTES);
  return gzipSync(text);
}

function recordTooLarge(bytes: number, limit: number): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'record-too-large',
    message: `the record of the release has ${bytes} bytes, and at most ${limit} can be stored`,
    remedy: 'split the formation into several',
  });
}

/** A record as it was read, with the parts that hold its manifests, if there are any. */
interface ReadRecord {
  readonly release: Release;
  readonly parts?: readonly RecordPart[];
}

/** @throws SlipwayError `record-broken`, `record-newer`, `record-inconsistent`, and errors of the cluster as they are */
export async function readRecord(client: ClusterClient, secret: KubernetesObject): Promise<ReadRecord> {
  const { name, namespace } = secret.metadata;
  const read = await unpack(client, secret);
  // Anyone who can edit the namespace could copy one formation's record to another's name.
  const { release } = read;
  if (recordName(release, release.number) !== name || release.namespace !== namespace)
    throw recordBroken(secret);
  const contradiction = contradictionIn(release, secret);
  if (contradiction !== undefined) throw recordInconsistent(name, release.namespace, contradiction);
  return read;
}

async function unpack(client: ClusterClient, secret: KubernetesObject): Promise<ReadRecord> {
  const { head, parts } = orBroken(secret, () => headOf(secret));
  if (parts === undefined) return { release: head };
  // A request that fails, or is ended with the run or its lock, says nothing about the record.
  const content = await readParts(client, head, parts);
  const manifests = orBroken(secret, () => manifestsOf(content));
  return { release: { ...head, manifests }, parts };
}

function orBroken<Content>(secret: KubernetesObject, read: () => Content): Content {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof SlipwayError && cause.code === 'record-newer') throw cause;
    throw recordBroken(secret, cause);
  }
}

function headOf(secret: KubernetesObject): { readonly head: Release; readonly parts?: RecordPart[] } {
  const data = isJsonObject(secret['data']) ? secret['data'] : {};
  const { release: packed, manifests: index } = data;
  if (secret['type'] !== RECORD_TYPE || typeof packed !== 'string') throw new TypeError('it is not a record');
  const head =
    lastRead?.packed === packed ? lastRead.head : parseRecord(unzip(Buffer.from(packed, 'base64')), secret);
  lastRead = { packed, head };
  if (typeof index !== 'string') return { head };
  return { head, parts: parseParts(Buffer.from(index, 'base64').toString('utf8')) };
}

function manifestsOf(content: Buffer | undefined): JsonObject[] {
  const manifests = content && parseJson(unzip(content));
  if (!Array.isArray(manifests) || !manifests.every(isJsonObject))
    throw new TypeError('a part is missing or was changed');
  return manifests;
}

function unzip(packed: Buffer): string {
  return gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8');
}

/** @throws TypeError for anything but a list of parts */
function parseParts(text: string): RecordPart[] {
  const parts = parseJson(text);
  if (!Array.isArray(parts)) throw new TypeError('the parts are not a list');
  return parts.map((part: JsonValue) => {
    if (!isJsonObject(part)) throw new TypeError('a part is not a map');
    return { name: String(part['name']), digest: String(part['digest']) };
  });
}

function recordBroken({ metadata }: KubernetesObject, cause?: unknown): SlipwayError<ReleaseErrorCode> {
  const { name, namespace } = metadata;
  return new SlipwayError<ReleaseErrorCode>(
    {
      code: 'record-broken',
      message: `the Secret ${quote(name)} in namespace ${quote(String(namespace))} is not a readable release record`,
      remedy: `find out who changed it, and delete it: kubectl delete secret ${name} --namespace ${namespace}; objects that only this release created are then no longer pruned, and Jobs that only it ran run again`,
    },
    { cause },
  );
}
