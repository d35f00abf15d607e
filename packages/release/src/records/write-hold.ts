import type { ClusterClient } from '@slipway/cluster';
import { defined, formatHold, type Hold, SlipwayError } from '@slipway/core';
import {
  APPLICATION,
  annotationOf,
  FORMATION,
  HOLD,
  HOLD_WRITTEN_BY,
  type KubernetesObject,
} from '@slipway/kubernetes';
import { hasCode, isOvertaken, isUnanswered } from '../cluster/expected-errors.ts';
import { namespaceMissing } from '../cluster/namespace.ts';
import { forVersion } from '../objects/identity.ts';
import { holdReference } from './formation-hold.ts';
import { claimOf } from './lease.ts';
import type { RecordOwner } from './records.ts';

export interface WrittenHold {
  readonly hold: Hold;
  /** What tells this write from every other one. */
  readonly by: string;
  /** The Lease as it was before. */
  readonly replaced: KubernetesObject | undefined;
}

/**
 * Writes the Lease of a hold for the version that was read. Where an answer was lost, the Lease is looked at again: what this call has
 * written already is not taken for the hold of another.
 * @param holdFor returns the hold to write, from the Lease that it replaces
 */
export async function writeHold(
  client: ClusterClient,
  owner: RecordOwner,
  holdFor: (live: KubernetesObject | undefined) => Hold,
): Promise<WrittenHold> {
  let written: WrittenHold | undefined;
  for (let lost = 0; ; ) {
    const live = await client.get(holdReference(owner));
    if (written !== undefined && isWrittenBy(live, written.by)) return written;
    const hold = holdFor(live);
    written = { hold, by: written?.by ?? claimOf(hold.run ?? hold.by), replaced: live };
    const lease = forVersion(leaseOfHold(owner, hold, written.by), live);
    try {
      await (live === undefined ? client.create(lease) : client.update(lease));
      return written;
    } catch (error) {
      if (isOvertaken(error, live !== undefined)) continue;
      if (!isUnanswered(error) || ++lost > MOST_LOST) throw explained(error, owner);
    }
  }
}

export function isWrittenBy(lease: KubernetesObject | undefined, by: string): boolean {
  return lease !== undefined && annotationOf(lease, HOLD_WRITTEN_BY) === by;
}

/** How often a hold is written again after an answer was lost. */
const MOST_LOST = 2;

function explained(error: unknown, { namespace }: RecordOwner): unknown {
  return hasCode(error, 'cluster-not-found')
    ? new SlipwayError(namespaceMissing(namespace), { cause: error })
    : error;
}

/** Who holds it is also where `kubectl get leases` shows it. */
export function leaseOfHold(owner: RecordOwner, hold: Hold, by: string): KubernetesObject {
  const { apiVersion, kind, name, namespace } = holdReference(owner);
  const labels = { [APPLICATION]: owner.application, [FORMATION]: owner.formation };
  const annotations = { [HOLD]: formatHold(hold), [HOLD_WRITTEN_BY]: by };
  return {
    apiVersion,
    kind,
    metadata: { name, ...defined({ namespace }), labels, annotations },
    spec: { holderIdentity: hold.by },
  };
}
