import type { ClusterClient } from '@slipway/cluster';
import type { Problem } from '@slipway/core';
import type { ReleaseRequest } from '../request.ts';
import { serverProblems } from './destination.ts';
import { type Right, rightsProblems } from './rights.ts';

/** How far a cluster is asked about the objects of a release. */
export interface Access {
  /**
   * `none`: it is another cluster or has no such namespace, so that what it holds means nothing. `reading`: the credentials lack
   * rights, so secrets stay closed and what can't be tried out is compared by reading. `full`: nothing is in the way.
   */
  readonly level: 'none' | 'reading' | 'full';
  /** Rights that the credentials lack; empty where the cluster is the wrong one, since it would be the wrong ones too. */
  readonly missing: readonly Right[];
  readonly problems: readonly Problem[];
}

/** Whether the cluster is the destination, and whether the credentials suffice there. */
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

/** Whether the credentials can't read Secrets, and with them no record. */
export function isBlind({ missing }: Pick<Access, 'missing'>): boolean {
  return missing.some(({ resource, verb }) => resource === 'secrets' && verb === 'get');
}
