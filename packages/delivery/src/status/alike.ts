import { type Alike, type DestinationStatus, defined } from '@slipway/core';
import { differencesFrom } from './differences.ts';
import { type Latest, latestOf, releasedAs } from './latest.ts';
import { notProven } from './not-proven.ts';
import type { SeenDestination } from './seen.ts';

/** The least number of destinations that can be alike. */
const FEWEST = 2;

/**
 * Which destinations of each formation run its latest release. One is alike only if everything that would show a difference was seen.
 * Formations of which only some destinations were looked at are left out, as the latest release may be at another one, and so are those
 * with a single destination.
 * @param seen in the order of the destinations
 */
export function alikeIn(
  destinations: readonly DestinationStatus[],
  seen: readonly SeenDestination[],
): Alike[] {
  const declared = new Map(
    seen.map(({ target: { identity, checkout } }) => [
      identity.formation,
      Object.keys(checkout?.formation.spec.destinations ?? {}).length,
    ]),
  );
  const formations = Map.groupBy(destinations, ({ formation }) => formation);
  return [...formations].flatMap(([formation, rows]) =>
    rows.length >= FEWEST && rows.length === declared.get(formation) ? [alikeOf(formation, rows)] : [],
  );
}

function alikeOf(formation: string, rows: readonly DestinationStatus[]): Alike {
  const latest = latestOf(rows);
  const found: Alike = { formation, alike: [], different: [], unknown: [] };
  for (const row of rows) {
    const { destination } = row;
    const how = latest === undefined ? [] : differencesFrom(latest, row);
    const why = latest === undefined ? [NOTHING_SUCCEEDED] : notProven(latest, row);
    if (why.length > 0) found.unknown.push({ destination, why, ...(how.length === 0 ? {} : { how }) });
    else if (how.length > 0) found.different.push({ destination, how });
    else found.alike.push(destination);
  }
  return { ...found, ...defined({ latest: latest && shown(latest) }) };
}

const NOTHING_SUCCEEDED = 'no release is known to have succeeded at a destination of the formation';

function shown(latest: Latest): NonNullable<Alike['latest']> {
  const { destination } = latest;
  const { deploymentTag, commit, configCommit, since } = releasedAs(latest);
  return { deploymentTag, configCommit, destination, since, ...defined({ commit }) };
}
