import { type Problem, quote, type Release } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { ReleaseRequest } from '../request.ts';

/** A snapshot that was made before the one that is live would undo what came in between. */
export function snapshotProblems(
  { snapshot, allowOlder }: ReleaseRequest,
  live: Release | undefined,
): Problem<ReleaseErrorCode>[] {
  const current = live?.snapshot;
  if (allowOlder || snapshot === undefined || current === undefined) return [];
  if (Date.parse(snapshot.created) >= Date.parse(current.created)) return [];
  return [
    {
      code: 'snapshot-older',
      message: `the snapshot ${quote(snapshot.deploymentTag)} is older than ${quote(current.deploymentTag)}, which is live`,
      remedy: 'deploy a newer one, or set allow-older',
    },
  ];
}
