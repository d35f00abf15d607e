import type { ClusterClient } from '@slipway/cluster';
import { type Problem, quote, type Release, SlipwayError } from '@slipway/core';
import { listReleases, type ReleaseErrorCode, readRelease } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FoundFormation } from '../formation/found-formation.ts';

/**
 * Compares the destination that is meant with the one that the newest release in its namespace was deployed to: two destinations may
 * have namespaces of one name in different clusters, and files that do not have a destination any more cannot tell where it was.
 * @throws SlipwayError `destination-differs`, `release-unknown`
 */
export async function checkRecorded(client: ClusterClient, found: FoundFormation): Promise<void> {
  const { identity, removed } = found;
  const [newest] = await listReleases(client, identity);
  if (newest === undefined) {
    if (removed !== undefined) throw nothingReleased(found, removed);
    return;
  }
  const recorded = await readDestination(client, found, newest.number);
  if (recorded !== undefined && isAnother(found, recorded.destination))
    throw destinationDiffers(found, recorded.destination);
}

/**
 * The refusal for a deploy to a namespace whose newest release is of another destination of the formation: its cluster is meant for
 * that one. A name that the formation does not have any more is the former name of this one.
 */
export function takenProblems(
  found: Pick<FoundFormation, 'identity' | 'checkout'>,
  newest: Pick<Release, 'destination'> | undefined,
): readonly Problem<ReleaseErrorCode>[] {
  const recorded = newest?.destination;
  const declared = found.checkout?.formation.spec.destinations ?? {};
  const isTaken =
    recorded !== undefined && recorded !== found.identity.destination && Object.hasOwn(declared, recorded);
  return isTaken ? destinationDiffers(found, recorded).problems : [];
}

/** @returns undefined for a record that cannot be read, which every mode reports by itself */
async function readDestination(
  client: ClusterClient,
  { identity }: FoundFormation,
  number: number,
): Promise<Pick<Release, 'destination'> | undefined> {
  try {
    return await readRelease(client, identity, number);
  } catch (error) {
    if (error instanceof SlipwayError && error.code.startsWith('record-')) return undefined;
    throw error;
  }
}

/**
 * A declared destination may have had the recorded name before, or that one was taken out and is in another cluster: which of them it
 * was, no file says any more. Releases without a destination are those of plain manifests, which a checkout may have taken over.
 */
function isAnother({ identity, checkout }: FoundFormation, recorded: string | undefined): boolean {
  const { destination } = identity;
  if (checkout === undefined) return destination !== undefined && destination !== recorded;
  return recorded !== undefined && recorded !== destination;
}

function destinationDiffers(
  { identity, checkout }: Pick<FoundFormation, 'identity' | 'checkout'>,
  recorded: string | undefined,
): SlipwayError<ReleaseErrorCode> {
  const { application, formation, namespace, destination = '' } = identity;
  const name = `${application}/${formation}`;
  const where = recorded === undefined ? 'no destination' : `the destination ${quote(recorded)}`;
  const isUndeclared =
    recorded !== undefined && !Object.hasOwn(checkout?.formation.spec.destinations ?? {}, recorded);
  const renamed =
    checkout !== undefined && isUndeclared
      ? `; if ${quote(recorded)} is the name that it had before, deploy it once under the new one, or set destination to ${quote(recorded)} and namespace to ${quote(namespace)}`
      : '';
  return new SlipwayError({
    code: 'destination-differs',
    message: `the newest release of ${name} in namespace ${quote(namespace)} has ${where}, not ${quote(destination)}`,
    remedy: `check kubeconfig, context, namespace and destination: one of them belongs to another destination${renamed}`,
  });
}

function nothingReleased(
  { identity }: FoundFormation,
  removed: 'formation' | 'destination',
): SlipwayError<DeliveryErrorCode> {
  const { application, formation, namespace, destination } = identity;
  const named = removed === 'formation' ? formation : (destination ?? '');
  return new SlipwayError({
    code: 'release-unknown',
    message: `this checkout has no ${removed} ${quote(named)}, and no release of ${application}/${formation} is in namespace ${quote(namespace)}`,
    remedy: `check ${removed}, namespace and kubeconfig`,
  });
}
