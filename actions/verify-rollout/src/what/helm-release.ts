import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ClusterClient } from '@slipway/cluster';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
  SlipwayError,
  textMap,
  valueAt,
} from '@slipway/core';
import { isKubernetesObject, type KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import type { VerifyErrorCode } from '../error-codes.ts';

/** Helm keeps at most 1 MiB in a Secret; unpacked it is some ten times as much. */
const MAX_UNPACKED = 64 * 1024 * 1024;
export const HELM_SECRET_TYPE = 'helm.sh/release.v1';

/** What Helm says of the newest revision of a release. */
export interface HelmRelease {
  readonly name: string;
  readonly revision: number;
  /** `deployed`, `failed`, `pending-upgrade` …: https://github.com/helm/helm/blob/v4.0.0/pkg/release/common/status.go */
  readonly status: string;
  readonly description: string;
  readonly deployed: Date | undefined;
  readonly objects: readonly KubernetesObject[];
}

/**
 * The newest revision of a release as Helm recorded it in a Secret of the namespace.
 * @throws SlipwayError `helm-release-missing`, `helm-release-broken`
 */
export async function readHelmRelease(
  client: Pick<ClusterClient, 'list'>,
  name: string,
  namespace: string,
): Promise<HelmRelease> {
  const { items } = await client.list({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    labelSelector: `owner=helm,name=${name}`,
    fieldSelector: `type=${HELM_SECRET_TYPE}`,
  });
  const newest = items.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
  if (newest === undefined) throw missing(name, namespace);
  return await parseHelmSecret(newest, name);
}

/** `sh.helm.release.v1.shop.v12`. */
export function helmRevision(name: string, secret: string): number {
  const prefix = `sh.helm.release.v1.${name}.v`;
  const digits = secret.startsWith(prefix) ? secret.slice(prefix.length) : '';
  return /^\d{1,9}$/.test(digits) ? Number(digits) : 0;
}

function revisionOf({ metadata }: KubernetesObject): number {
  return Number(textMap(metadata['labels'] ?? null)['version'] ?? 0);
}

/** @throws SlipwayError `helm-release-broken` */
async function parseHelmSecret(secret: KubernetesObject, name: string): Promise<HelmRelease> {
  const release = await unpack(textMap(secret['data'] ?? null)['release'] ?? '').catch((cause: unknown) => {
    throw broken(name, cause);
  });
  const text = (...path: string[]): string => {
    const value = valueAt(release, path);
    return typeof value === 'string' ? value : '';
  };
  const deployed = new Date(text('info', 'last_deployed'));
  return {
    name,
    revision: Number(valueAt(release, ['version']) ?? revisionOf(secret)),
    status: text('info', 'status'),
    description: text('info', 'description'),
    deployed: Number.isNaN(deployed.getTime()) ? undefined : deployed,
    objects: objectsIn(text('manifest')),
  };
}

/** Kubernetes' base64 around Helm's base64 around gzip around JSON. */
async function unpack(data: string): Promise<JsonObject> {
  const packed = Buffer.from(Buffer.from(data, 'base64').toString('utf8'), 'base64');
  const text = await promisify(gunzip)(packed, { maxOutputLength: MAX_UNPACKED });
  const release = parseJson(text.toString('utf8'));
  if (!isJsonObject(release)) throw new TypeError('no object');
  return release;
}

/** @throws SlipwayError if the manifest that Helm applied is not YAML */
function objectsIn(manifest: string): readonly KubernetesObject[] {
  return parseDocuments(manifest, "Helm's manifest").flatMap(({ value }) => itemsOf(value));
}

/** A chart may have a List of objects in the place of one. */
function itemsOf(value: JsonValue): readonly KubernetesObject[] {
  if (isKubernetesObject(value)) return [value];
  const items = isJsonObject(value) && value['kind'] === 'List' ? value['items'] : undefined;
  return Array.isArray(items) ? items.filter(item => isKubernetesObject(item)) : [];
}

function missing(name: string, namespace: string): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({
    code: 'helm-release-missing',
    message: `Helm has no release ${quote(name)} in namespace ${quote(namespace)}`,
    remedy: 'check "helm-release" and "namespace" with helm list',
  });
}

function broken(name: string, cause: unknown): SlipwayError<VerifyErrorCode> {
  return new SlipwayError(
    {
      code: 'helm-release-broken',
      message: `Helm's record of the release ${quote(name)} cannot be read`,
      remedy: 'see helm status, and upgrade the release again',
    },
    { cause },
  );
}
