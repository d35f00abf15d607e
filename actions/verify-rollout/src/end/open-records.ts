import type { ClusterClient } from '@slipway/cluster';
import { type Clock, isJsonObject, type Logger, parseJson, type Release } from '@slipway/core';
import type { Runner, SavedState } from '@slipway/github';
import { closeRelease, isInSteps, readLatestNumber, readRelease } from '@slipway/release';

/** A record that this run has open, and the way to it. */
export interface OpenRecord {
  readonly application: string;
  readonly formation: string;
  readonly namespace: string;
  readonly destination: string;
  readonly number: number;
  readonly context: string;
}

/** The release that is being verified, and the one that puts another back. */
const STATES = ['verified-release', 'restoring-release'] as const;

/** Is called with each record as it is opened. */
export type NoteRecord = (state: (typeof STATES)[number], release: Release) => void;

export function openRecord(release: Release, context: string): OpenRecord {
  const { application, formation, namespace, destination = '', number } = release;
  return { application, formation, namespace, destination, number, context };
}

/** Notes a record for the post step of a run that is killed. */
export function noteRecord(
  state: (typeof STATES)[number],
  record: OpenRecord,
  runner: Pick<Runner, 'saveState'>,
): void {
  runner.saveState(state, JSON.stringify(record));
}

/** The records that a killed run had open, the newest first: none is closed while a newer one is open. */
export function notedRecords(saved: SavedState): readonly OpenRecord[] {
  const records = STATES.map(state => parseJson(saved(state) || 'null')).filter(isJsonObject);
  const opened = records.map(record => {
    const text = (name: string): string => String(record[name] ?? '');
    const [application, formation, namespace] = [text('application'), text('formation'), text('namespace')];
    const [destination, context, number] = [text('destination'), text('context'), Number(record['number'])];
    return { application, formation, namespace, destination, number, context };
  });
  return opened.toReversed();
}

/**
 * Closes a record that is no longer verified: as failed if it was not written completely, else as timed out. One with a verdict
 * keeps it, one in steps is left to them, and beside a newer release nothing is written.
 */
export async function closeUnverified(
  client: ClusterClient,
  record: OpenRecord,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  const release = await readRelease(client, record, record.number);
  if (release.verdict !== undefined || isInSteps(release) || (await isOvertaken(client, record))) return;
  const verdict = release.applied === undefined ? 'failed' : 'timed-out';
  await closeRelease(client, release, verdict, clock);
  logger.warning(`Release ${record.number} was not verified to the end, and is closed as ${verdict}`);
}

/** A rollback of our own is no other's release. */
async function isOvertaken(client: ClusterClient, record: OpenRecord): Promise<boolean> {
  const latest = await readLatestNumber(client, record);
  if (latest <= record.number) return false;
  return (await readRelease(client, record, latest)).rollbackOf !== record.number;
}
