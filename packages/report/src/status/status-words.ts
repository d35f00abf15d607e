import {
  type ApplicationStatus,
  type Behind,
  count,
  type DestinationStatus,
  excerpt,
  ownConfigBehind,
  type StatusState,
} from '@slipway/core';

/** What the cells of a row say, as plain text: both the table in the summary and the page are made of it. */
export interface StatusWords {
  readonly name: string;
  readonly state: string;
  /** What keeps others from deploying: a hold, or a run that has the lock. */
  readonly kept: readonly string[];
  readonly since: string;
  readonly why: string;
  readonly verdict: string;
  readonly health: string;
  readonly drift: string;
  readonly behind: string;
}

export const SYMBOLS: Readonly<Record<StatusState, string>> = {
  fine: '✅',
  waiting: '🕓',
  attention: '❌',
  unknown: '❔',
};

export const UNKNOWN = 'unknown';

export function wordsOf(row: DestinationStatus): StatusWords {
  const { formation, destination, state, live } = row;
  return {
    name: destination === '' ? formation : `${formation}/${destination}`,
    state: `${SYMBOLS[state]} ${state}`,
    kept: keptOf(row),
    since: live?.since === undefined ? '' : minuteOf(live.since),
    why: whyOf(live),
    verdict: verdictOf(live),
    health: healthOf(row),
    drift: driftOf(row),
    behind: behindOf(row),
  };
}

/** Characters of what anyone may have written who may change Leases. */
const MAX_TEXT = 500;
const MAX_TIME = 40;

/** To a minute; a time that is not one is shown as it is. */
export function minuteOf(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime())
    ? excerpt(time, MAX_TIME)
    : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What only the registry says is how it was, and not how it is. */
function verdictOf(live: DestinationStatus['live']): string {
  if (live === undefined) return '';
  return `${live.verdict ?? 'open'}${live.source === 'registry' ? ', as last known' : ''}`;
}

function whyOf(live: DestinationStatus['live']): string {
  if (live === undefined) return '';
  const { by, why, rollbackOf, restores } = live;
  const back =
    restores === undefined
      ? ''
      : `rollback${rollbackOf === undefined ? '' : ` of release ${rollbackOf}`} to release ${restores}`;
  return [excerpt(by ?? '', MAX_TEXT), excerpt(why ?? '', MAX_TEXT), back]
    .filter(part => part !== '')
    .join(': ');
}

function healthOf({ health, live }: DestinationStatus): string {
  if (health === undefined) return live === undefined ? '' : UNKNOWN;
  return `${health.ready} of ${health.total} ready`;
}

function driftOf({ drift, live }: DestinationStatus): string {
  if (drift === undefined) return live === undefined ? '' : UNKNOWN;
  if (drift.objects.length > 0) return count(drift.objects.length, 'object');
  return drift.compared === 0 ? UNKNOWN : `none in ${count(drift.compared, 'object')}`;
}

function behindOf({ behind }: DestinationStatus): string {
  if (behind === undefined) return '';
  if (!behind.isBehind) return `as passed at ${behind.formation}`;
  const config = ownConfigBehind(behind);
  return [
    behind.count === 0 ? '' : countedOf(behind, ''),
    config === undefined ? '' : countedOf({ ...config, formation: behind.formation }, 'configuration '),
  ]
    .filter(part => part !== '')
    .join('; ');
}

function countedOf(
  { formation, count: commits, isMore, pulls = [] }: Pick<Behind, 'formation' | 'count' | 'isMore' | 'pulls'>,
  what: string,
): string {
  if (commits === undefined) return `${what}behind ${formation}`;
  const more = isMore === true ? 'more than ' : '';
  const requests = pulls.length === 0 ? '' : `, ${count(pulls.length, 'pull request')}`;
  return `${what}${more}${count(commits, 'commit')} behind ${formation}${requests}`;
}

function keptOf({ hold, lock }: DestinationStatus): readonly string[] {
  return [
    ...(hold === undefined ? [] : ['on hold']),
    ...(lock === undefined ? [] : [LOCKS[lockState(lock.isStale)]]),
  ];
}

const LOCKS = { held: 'locked', stale: 'lock left behind', unknown: 'locked, perhaps' } as const;

function lockState(isStale: boolean | undefined): keyof typeof LOCKS {
  if (isStale === undefined) return 'unknown';
  return isStale ? 'stale' : 'held';
}

/** All sentences about a destination, the worst first. */
export function sentencesOf({ unknown, attention, waiting }: DestinationStatus): readonly string[] {
  return [...unknown.map(sentence => `unknown: ${sentence}`), ...attention, ...waiting];
}

/** The whole in one line. */
export function statusTitle({ application, destinations }: ApplicationStatus): string {
  const number = (wanted: StatusState): number => destinations.filter(({ state }) => state === wanted).length;
  const parts = (['unknown', 'attention', 'waiting', 'fine'] as const)
    .map(state => [state, number(state)] as const)
    .filter(([, found]) => found > 0)
    .map(([state, found]) => `${found} ${PHRASES[state]}`);
  return `${application}: ${parts.length === 0 ? 'no destinations' : parts.join(', ')}`;
}

const PHRASES: Readonly<Record<StatusState, string>> = {
  fine: 'fine',
  waiting: 'waiting',
  attention: 'in need of attention',
  unknown: 'not known',
};

/** One line for each destination, and one for each sentence about it. */
export function statusLines(status: ApplicationStatus): readonly string[] {
  return status.destinations.flatMap(row => {
    const { name, state, verdict, since } = wordsOf(row);
    const { live } = row;
    const runs =
      live === undefined
        ? ''
        : ` release ${live.release}${live.deploymentTag === undefined ? '' : ` (${excerpt(live.deploymentTag, MAX_TEXT)})`}, ${verdict}, since ${since || UNKNOWN}`;
    const sentences = sentencesOf(row).map(sentence => `  ${sentence}`);
    return [`${state} ${name}${runs}`, ...sentences, ...row.limits.map(limit => `  (${limit})`)];
  });
}
