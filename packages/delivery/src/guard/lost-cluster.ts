import { isPlannedRelease, type PlannedRelease, quote } from '@slipway/core';
import type { ReleaseIdentity } from '@slipway/release';
import type { FoundLive } from '../live/read-live.ts';

/**
 * Whether the registry still has the planned release as the newest, so that another plan without the cluster would be from it too. Not
 * so once the formation was removed, or the registry does not answer.
 */
export function isStillPlanned(known: FoundLive, plannedFrom: PlannedRelease): boolean {
  if (known.state === 'none' || known.release === undefined) return false;
  return isPlannedRelease(plannedFrom, { number: known.release, created: known.created });
}

/** The warning before a plan is carried out in a cluster that has nothing of what it was made from. */
export function lostSentence(
  plannedFrom: number,
  { formation, destination = '' }: Pick<ReleaseIdentity, 'formation' | 'destination'>,
): string {
  const target = quote(`${formation}/${destination}`);
  return `The plan that was approved was made from release ${plannedFrom}, which the registry knows, and this cluster has no release of ${target}, as after a cluster was lost: everything is created there, and not only what the plan shows. If that is not expected, the kubeconfig may lead to another cluster`;
}
