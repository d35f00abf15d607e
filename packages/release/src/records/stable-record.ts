import type { ClusterClient } from '@slipway/cluster';
import { quote, type Release, SlipwayError } from '@slipway/core';
import { homeCommands } from '@slipway/steps';
import { unlessCode } from '../cluster/expected-errors.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { recordName } from '../names.ts';
import { readRelease } from './records.ts';

/**
 * The record of what serves beside an open release in steps. It is read before anything of that release changes, as nothing of it can
 * be taken back without that record.
 * @throws SlipwayError `stable-record-missing`, and as `readRelease` does
 */
export async function readStableRecord(client: ClusterClient, open: Release): Promise<Release> {
  const { steps } = open;
  if (steps === undefined) throw new TypeError(`release ${open.number} does not go in steps`);
  const found = await unlessCode('record-missing', () => readRelease(client, open, steps.stable.release));
  if (found === undefined) throw recordMissing(open, steps.stable.release);
  return found;
}

function recordMissing(open: Release, stable: number): SlipwayError<ReleaseErrorCode> {
  const { application, formation, namespace, number } = open;
  return new SlipwayError({
    code: 'stable-record-missing',
    message: `release ${number} of ${application}/${formation} is open, and the record of release ${stable}, which serves beside it, is missing, so that nothing is changed`,
    remedy: `restore the Secret ${quote(recordName(open, stable))} in namespace ${quote(namespace)} from a backup; until then users are taken off release ${number} by hand, if release ${stable} has Ready pods: ${homeCommands(open).join('; ')}`,
  });
}
