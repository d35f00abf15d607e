import { gunzipSync, gzipSync } from 'node:zlib';
import {
  isJsonObject,
  type KubernetesObject,
  parseRelease,
  quote,
  type Release,
  SlipwayError,
  stringifyJson,
} from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { APPLICATION, DEPLOYMENT_TAG, FORMATION, RECORD_TYPE, VERDICT } from '../keys.ts';
import { recordName } from '../names.ts';

/** What a Secret holds, less what its metadata takes of etcd's limit: https://kubernetes.io/docs/concepts/configuration/secret/ */
const MAX_RECORD_BYTES = 1_000_000;
/** No record unpacks to more than this: one that does was not written by us. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;
const OPEN = 'open';

/** The Secret that holds a record. Its verdict is a label, so that records can be chosen without being unpacked. */
export function recordSecret(release: Release): KubernetesObject {
  const packed = pack(release);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: recordName(release, release.number),
      namespace: release.namespace,
      labels: {
        [APPLICATION]: release.application,
        [FORMATION]: release.formation,
        [VERDICT]: release.verdict ?? OPEN,
      },
      annotations: release.deploymentTag === undefined ? {} : { [DEPLOYMENT_TAG]: release.deploymentTag },
    },
    type: RECORD_TYPE,
    data: { release: packed.toString('base64') },
  };
}

function pack(release: Release): Buffer {
  const text = Buffer.from(stringifyJson(release));
  const packed = gzipSync(text);
  if (packed.length > MAX_RECORD_BYTES) throw tooLarge(packed.length, MAX_RECORD_BYTES);
  if (text.length > MAX_UNPACKED_BYTES) throw tooLarge(text.length, MAX_UNPACKED_BYTES);
  return packed;
}

function tooLarge(bytes: number, limit: number): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'record-too-large',
    message: `the record of the release takes ${bytes} bytes, and at most ${limit} can be kept`,
    remedy: 'split the formation into several',
  });
}

/** @throws SlipwayError `record-broken` */
export function parseRecord(secret: KubernetesObject): Release {
  const { name, namespace } = secret.metadata;
  const release = unpack(secret);
  // Whoever can edit the namespace could put one formation's record under another's name.
  if (recordName(release, release.number) !== name || release.namespace !== namespace) throw broken(secret);
  return release;
}

function unpack(secret: KubernetesObject): Release {
  const data = secret['data'];
  const packed = isJsonObject(data) ? data['release'] : undefined;
  if (secret['type'] !== RECORD_TYPE || typeof packed !== 'string') throw broken(secret);
  try {
    const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES });
    return parseRelease(text.toString('utf8'), secret.metadata.name);
  } catch (cause) {
    throw broken(secret, cause);
  }
}

function broken({ metadata }: KubernetesObject, cause?: unknown): SlipwayError<ReleaseErrorCode> {
  const { name, namespace } = metadata;
  return new SlipwayError<ReleaseErrorCode>(
    {
      code: 'record-broken',
      message: `the Secret ${quote(name)} in namespace ${quote(String(namespace))} is no record of a release any more`,
      remedy: `find out who changed it, and remove it: kubectl delete secret ${name} --namespace ${namespace}; what only this release created is then no longer pruned, and Jobs that it ran first run again`,
    },
    { cause },
  );
}
