import {
  defined,
  formatProblem,
  hasRemoved,
  quote,
  type Removal,
  SlipwayError,
  type Snapshot,
  type VerdictName,
} from '@slipway/core';
import type { SnapshotHome } from '@slipway/registry';
import type { ReleaseIdentity } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Checkout } from '../formation/checkout.ts';
import type { ManifestsChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { leftBy } from './left-by.ts';

/** The newest release of a destination that the registry knows, and what it was made from. */
export interface LiveRelease {
  readonly release: number;
  /** When it was recorded, if the registry says so. */
  readonly created?: string | undefined;
  readonly verdict: VerdictName;
  /** RFC 3339. */
  readonly verified: string;
  readonly snapshot: Snapshot;
  /** The commit of stencils and config, a full id. */
  readonly revision: string;
  readonly digest?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly sharedRevisions?: Readonly<Record<string, string>> | undefined;
  readonly configFrom?: 'head' | undefined;
  /** Whether it restored an earlier one. */
  readonly isRollback: boolean;
}

/** Nothing was verified there, as far as the registry knows, or it was removed since; or it is not known what is live, and perhaps which release it is. */
export type NoLive = { readonly state: 'none'; readonly removal?: Removal | undefined } | UnknownLive;

export interface UnknownLive {
  readonly state: 'unknown';
  readonly why: string;
  readonly release?: number | undefined;
  readonly created?: string | undefined;
}

export type FoundLive = ({ readonly state: 'known' } & LiveRelease) | NoLive;

/** What the newest verdict in the registry says is live at the destination of a rendered tree. */
export async function readKnown(
  { identity, checkout }: Pick<DesiredState, 'identity'> & { readonly checkout: Checkout },
  choice: Pick<ManifestsChoice, 'registry'>,
  surroundings: Pick<DeliverySurroundings, 'openRegistry'>,
): Promise<FoundLive> {
  const registry = choice.registry || checkout.repository.application.spec.registry;
  return await readLive({ registry, application: identity.application }, identity, surroundings);
}

/** What the newest verdict in the registry says is live; what cannot be read is unknown. */
async function readLive(
  home: SnapshotHome,
  identity: ReleaseIdentity,
  { openRegistry }: Pick<DeliverySurroundings, 'openRegistry'>,
): Promise<FoundLive> {
  const { formation, destination, namespace } = identity;
  if (destination === undefined) throw new TypeError('a rendered tree has a destination');
  try {
    const { findSnapshot, readLatestVerdict, readRemoval } = await import('@slipway/registry');
    const registry = await openRegistry();
    const verdict = await readLatestVerdict(registry, home, { formation, destination });
    if (verdict === undefined) return { state: 'none' };
    const removal = await readRemoval(registry, home, { formation, destination });
    const isRemoved = removal !== undefined && hasRemoved(removal, verdict);
    if (isRemoved && removal.incomplete === undefined) return { state: 'none', removal };
    // The release is still recorded, which a plan is from.
    if (isRemoved)
      return unknown(
        `${quote(removal.by)} removed it in part at ${removal.at}`,
        defined({ release: removal.release, created: removal.released }),
      );
    // The records of another namespace have numbers of their own.
    if (verdict.namespace !== namespace)
      return unknown(
        `the newest verdict is on a release in the namespace ${quote(verdict.namespace)}, and not in ${quote(namespace)}`,
      );
    const left = leftBy(verdict);
    if (left === undefined) return unknown('the newest verdict does not say on which release it is');
    const { number: release, deploymentTag, configRevision: revision, digest, set } = left;
    const { sharedRevisions, configFrom, restores, created } = left;
    if (deploymentTag === undefined || revision === undefined)
      return unknown(
        `the verdict on release ${release} does not say from which snapshot and commit it was rendered`,
        { release, created },
      );
    const snapshot = (await findSnapshot(registry, home, deploymentTag))?.snapshot;
    if (snapshot === undefined)
      return unknown(
        `the registry does not have the snapshot ${quote(deploymentTag)} of release ${release} any more`,
        { release, created },
      );
    return {
      ...{ state: 'known', release, verdict: left.verdict, verified: verdict.finished, snapshot, revision },
      ...{ digest, set, sharedRevisions, configFrom, created, isRollback: restores !== undefined },
    };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return unknown(error.problems.map(formatProblem).join('; '));
  }
}

function unknown(why: string, of: Pick<UnknownLive, 'release' | 'created'> = {}): FoundLive {
  return { state: 'unknown', why, ...defined(of) };
}
