import type { ClusterClient } from '@slipway/cluster';
import type { Problem } from '@slipway/core';
import type { ReleaseRequest } from '../request.ts';
import { serverProblems } from './destination.ts';
import { type Right, rightsProblems } from './rights.ts';

/** How far a cluster is asked about the objects of a release. */
export interface Access {
  /**
   * `none`: it is another cluster or has no such namespace, so its content is irrelevant. `reading`: the credentials lack
   * rights, so secrets are not opened, and what cannot be tried out is compared by reading. `full`: no right is missing.
   */
  readonly level: 'none' | 'reading' | 'full';
  /** Rights that the credentials lack; empty for `none`, where they would be rights in the wrong cluster. */
  readonly missing: readonly Right[];
  readonly problems: readonly Problem[];
}

/** Whether the cluster is the destination, and whether the credentials are sufficient there. */
export function accessTo(
  client: Pick<ClusterClient, 'server'>,
  request: ReleaseRequest,
  found: { readonly namespaceProblems: readonly Problem[]; readonly lacking: readonly Right[] },
): Access {
  const elsewhere = [...serverProblems(client, request), ...found.namespaceProblems];
  if (elsewhere.length > 0) return { level: 'none', missing: [], problems: elsewhere };
  const { lacking } = found;
  if (lacking.length > 0) return { level: 'reading', missing: lacking, problems: rightsProblems(lacking) };
  return { level: 'full', missing: [], problems: [] };
}

/** Whether the credentials cannot read Secrets, and therefore no records. */
export function isBlind({ missing }: Pick<Access, 'missing'>): boolean {
  return missing.some(({ resource, verb }) => resource === 'secrets' && verb === 'get');
}
