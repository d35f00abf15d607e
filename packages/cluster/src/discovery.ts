import { isJsonObject, type JsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { ApiResource } from './client.ts';
import type { ClusterErrorCode } from './error-codes.ts';

/** Reads the APIResourceList of a group version; undefined if the server does not serve it. */
export type ReadResources = (path: string) => Promise<JsonObject | undefined>;

/** `/api/v1` and `/apis/<group>/<version>`. */
export function groupVersionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Looks up kinds and reads each group version once. A kind that was not found is looked up again, as a release may bring it. */
export function discovery(read: ReadResources): (apiVersion: string, kind: string) => Promise<ApiResource> {
  const known = new Map<string, Promise<readonly ApiResource[]>>();
  const fetch = (apiVersion: string): Promise<readonly ApiResource[]> => {
    const resources = readGroupVersion(read, apiVersion);
    known.set(apiVersion, resources);
    resources.catch(() => known.delete(apiVersion));
    return resources;
  };
  return async (apiVersion, kind) => {
    const cached = known.get(apiVersion);
    const found = (await (cached ?? fetch(apiVersion))).find(resource => resource.kind === kind);
    if (found !== undefined) return found;
    const again =
      cached === undefined ? undefined : (await fetch(apiVersion)).find(({ kind: k }) => k === kind);
    if (again !== undefined) return again;
    throw new SlipwayError<ClusterErrorCode>({
      code: 'cluster-unknown-kind',
      message: `the cluster does not serve ${quote(kind)} of ${quote(apiVersion)}`,
      remedy: 'install its CustomResourceDefinition or correct the apiVersion',
    });
  };
}

async function readGroupVersion(read: ReadResources, apiVersion: string): Promise<readonly ApiResource[]> {
  // An apiVersion comes from manifests and becomes a path.
  if (!/^[a-z0-9.-]+(?:\/[a-z0-9]+)?$/.test(apiVersion)) return [];
  const list = await read(groupVersionPath(apiVersion));
  const resources = Array.isArray(list?.['resources']) ? (list['resources'] as readonly JsonValue[]) : [];
  const names = new Set(resources.filter(isJsonObject).map(({ name }) => name));
  return resources.flatMap(resource => parseResource(apiVersion, resource, names));
}

function parseResource(
  apiVersion: string,
  value: JsonValue,
  names: ReadonlySet<JsonValue | undefined>,
): ApiResource[] {
  if (!isJsonObject(value)) return [];
  const { name, kind, namespaced, verbs } = value;
  // A name with a slash is a subresource, such as deployments/scale.
  if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) return [];
  return [
    {
      apiVersion,
      kind,
      resource: name,
      namespaced: namespaced === true,
      scalable: names.has(`${name}/scale`),
      verbs: Array.isArray(verbs) ? verbs.filter((verb): verb is string => typeof verb === 'string') : [],
    },
  ];
}
