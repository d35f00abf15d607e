import { quote, SlipwayError } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import type { ApiResource } from './client.ts';
import { groupVersionPath } from './discovery.ts';
import type { ClusterErrorCode } from './error-codes.ts';

export function queryText(query: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
}

export function collectionPath(
  { apiVersion, resource, namespaced }: ApiResource,
  namespace: string | undefined,
): string {
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupVersionPath(apiVersion)}${scope}/${resource}`;
}

export function objectPath(resource: ApiResource, reference: ObjectReference): string {
  return `${collectionPath(resource, reference.namespace)}/${pathSegment(reference.name)}`;
}

/** Names come from manifests; `.` and `..` survive percent-encoding and would lead to another path. */
function pathSegment(name: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('/'))
    throw new SlipwayError<ClusterErrorCode>({
      code: 'cluster-refused',
      message: `${quote(name)} cannot be the name of an object`,
      remedy: 'rename it',
    });
  return encodeURIComponent(name);
}
