import type { ClusterClient } from '@slipway/cluster';
import { quote, type Release, SlipwayError } from '@slipway/core';
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

/** A declared destination may have had another name before; it is another one if the formation declares that too. */
function isAnother({ identity, checkout }: FoundFormation, recorded: string | undefined): boolean {
  const { destination } = identity;
  if (checkout === undefined) return destination !== undefined && destination !== recorded;
  const { destinations } = checkout.formation.spec;
  return recorded !== undefined && recorded !== destination && Object.hasOwn(destinations, recorded);
}

function destinationDiffers(
  { identity }: FoundFormation,
  recorded: string | undefined,
): SlipwayError<ReleaseErrorCode> {
  const { application, formation, namespace, destination = '' } = identity;
  const name = `${application}/${formation}`;
  const where = recorded === undefined ? 'no destination' : `the destination ${quote(recorded)}`;
  return new SlipwayError({
    code: 'destination-differs',
    message: `the newest release of ${name} in namespace ${quote(namespace)} has ${where}, not ${quote(destination)}`,
    remedy:
      'check kubeconfig, context, namespace and destination: one of them belongs to another destination',
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
