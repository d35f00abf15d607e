import type { ClusterClient } from '@slipway/cluster';
import { type Logger, SlipwayError } from '@slipway/core';
import {
  leftCopiesRemedy,
  listReleases,
  type RecordOwner,
  type ReleaseEntry,
  readLeftCopies,
} from '@slipway/release';
import type { VerifyErrorCode } from '../error-codes.ts';

/**
 * Where no release in steps is open, no copy may be there either: its users are in no record, and no look would find them.
 * @param newest the newest release as it was read before
 * @throws SlipwayError `copies-left`
 */
export async function refuseLeftCopies(
  client: ClusterClient,
  owner: RecordOwner,
  newest: Pick<ReleaseEntry, 'number' | 'verdict'> | undefined,
  logger: Pick<Logger, 'warning'>,
): Promise<void> {
  const left = await readLeftCopies(client, owner);
  if (left === undefined)
    logger.warning('It is not known whether a copy is left, as the credentials may not list Deployments');
  if (left === undefined || left.length === 0) return;
  // A release that has begun meanwhile has a record, and a look of its own.
  const [now] = await listReleases(client, owner);
  if (now?.number !== newest?.number || now?.verdict !== newest?.verdict) return;
  throw copiesLeft(owner, left);
}

export function copiesLeft(
  { application, formation, namespace }: RecordOwner,
  names: readonly string[],
): SlipwayError<VerifyErrorCode> {
  const copies = names.map(name => `Deployment ${name}`).join(' and ');
  return new SlipwayError({
    code: 'copies-left',
    message: `no release of ${application}/${formation} in steps is open, and namespace ${namespace} has ${copies}, which may have users`,
    remedy: leftCopiesRemedy(namespace, names),
  });
}
