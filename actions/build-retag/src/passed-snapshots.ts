import { SlipwayError, type Snapshot } from '@slipway/core';
import { readPassed } from '@slipway/registry';
import { readFormations } from './formations.ts';
import type { Session } from './session.ts';

/**
 * The snapshots that last passed, newest first, of every destination of every formation. What cannot be read is left out, and
 * said where it is looked for: then more is built than had to be, and nothing is wrong.
 */
export async function readPassedSnapshots(session: Session): Promise<Snapshot[]> {
  const { client, home, runner } = session;
  const skip = (error: unknown): undefined => {
    if (!(error instanceof SlipwayError)) throw error;
    runner.logger.debug(`Not looked at for what passed: ${error.message}`);
  };
  const formations = (await readFormations(session).catch(skip)) ?? new Map<string, readonly string[]>();
  const targets = [...formations].flatMap(([formation, destinations]) =>
    destinations.map(destination => ({ formation, destination })),
  );
  const found = await Promise.all(targets.map(target => readPassed(client, home, target).catch(skip)));
  return found
    .filter(snapshot => snapshot !== undefined)
    .sort((one, other) => Date.parse(other.created) - Date.parse(one.created));
}
