import type { DestinationStatus, LiveRelease } from '@slipway/core';

/** What of a release other destinations are compared with. */
export type Reference = LiveRelease &
  Required<Pick<LiveRelease, 'deploymentTag' | 'configCommit' | 'since'>> & {
    readonly beside: NonNullable<LiveRelease['beside']>;
  };

/** The destination where the latest release of a formation began last. */
export type Latest = DestinationStatus & { readonly live: Reference };

export function releasedAs({ live }: Latest): Reference {
  return live;
}

/**
 * The newest release that succeeded at a destination of a formation, as far as is known. A rollback is not what a formation is to become;
 * it counts only where there is nothing else.
 */
export function latestOf(rows: readonly DestinationStatus[]): Latest | undefined {
  const known = rows.filter(isReference).sort((one, other) => begun(other) - begun(one));
  return known.find(({ live: { restores } }) => restores === undefined) ?? known[0];
}

/** What anyone may have written who may change Leases is not taken where something about it is not known. */
function isReference(row: DestinationStatus): row is Latest {
  const { live, unknown } = row;
  if (live?.verdict !== 'succeeded' || (live.source !== 'registry' && unknown.length > 0)) return false;
  const { deploymentTag, configCommit, beside, since } = live;
  if (deploymentTag === undefined || configCommit === undefined || since === undefined) return false;
  return beside?.set.length === 0 && !Number.isNaN(Date.parse(since));
}

function begun({ live: { since } }: Latest): number {
  return Date.parse(since);
}
