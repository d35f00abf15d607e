import { type Behind, defined, type LiveRelease } from '@slipway/core';
import type { CommitHistory, CommitRange, CommitsBetween } from './history.ts';
import { lastPassed } from './last-known.ts';
import type { BehindFound, SeenDestination, StatusRegistry } from './seen.ts';

/** How far each destination is behind the formation that it is promoted from. GitHub is asked once for each formation. */
export async function findBehind(
  seen: readonly SeenDestination[],
  registry: StatusRegistry | undefined,
  history: CommitHistory,
): Promise<readonly BehindFound[]> {
  const found = new Map<SeenDestination, BehindFound>();
  const formations = Map.groupBy(seen, ({ target }) => target.identity.formation);
  for (const group of formations.values()) {
    const [first] = group;
    const from = first?.target.checkout?.formation.spec['promoted-from'];
    if (from === undefined) continue;
    const passed = await passedIn(from, seen, first, registry);
    const answers =
      typeof passed === 'string'
        ? group.map((): BehindFound => ({ unknown: passed }))
        : await compareAll(group, from, passed, history);
    for (const [index, one] of group.entries()) found.set(one, answers[index] ?? {});
  }
  return seen.map(one => found.get(one) ?? {});
}

type Passed = Pick<LiveRelease, 'deploymentTag' | 'commit'>;

/** What succeeded at every destination of a formation; or why that is not one snapshot. */
async function passedIn(
  formation: string,
  seen: readonly SeenDestination[],
  first: SeenDestination | undefined,
  registry: StatusRegistry | undefined,
): Promise<Passed | string> {
  const { destinations = {} } = first?.target.checkout?.repository.formations.get(formation)?.spec ?? {};
  const passed: Passed[] = [];
  for (const destination of Object.keys(destinations)) {
    const one = await passedAt({ formation, destination }, seen, registry);
    if (one === undefined) return `what succeeded at ${formation}/${destination} is not known`;
    passed.push(one);
  }
  const [newest, ...others] = passed;
  if (newest === undefined) return `the formation ${formation} has no destinations`;
  if (others.some(({ deploymentTag }) => deploymentTag !== newest.deploymentTag))
    return `the destinations of ${formation} run different snapshots`;
  return newest;
}

async function passedAt(
  at: { readonly formation: string; readonly destination: string },
  seen: readonly SeenDestination[],
  registry: StatusRegistry | undefined,
): Promise<Passed | undefined> {
  const known = seen.find(({ target: { identity } }) => {
    return identity.formation === at.formation && identity.destination === at.destination;
  });
  const live = known?.live;
  if (live?.verdict === 'succeeded' && live.deploymentTag !== undefined) return live;
  return registry && (await lastPassed(registry, at));
}

async function compareAll(
  group: readonly SeenDestination[],
  from: string,
  passed: Passed,
  history: CommitHistory,
): Promise<readonly BehindFound[]> {
  const ranges = group.map(({ live }) => live && rangeOf(live, passed));
  const asked = ranges.filter(range => range !== undefined);
  const answers = asked.length === 0 ? [] : await history.between(asked);
  return group.map(({ live }, index): BehindFound => {
    if (live === undefined) return {};
    const range = ranges[index];
    const answer =
      range === undefined || typeof answers === 'string' ? undefined : answers[asked.indexOf(range)];
    return { ...behindOf(live, from, passed, answer), ...limitOf(range, answers, answer) };
  });
}

/** Undefined where there is nothing to count: both run the same snapshot, or a commit is not known. */
function rangeOf(live: LiveRelease, passed: Passed): CommitRange | undefined {
  if (live.deploymentTag === passed.deploymentTag) return undefined;
  if (live.commit === undefined || passed.commit === undefined || live.commit === passed.commit)
    return undefined;
  return { from: live.commit, to: passed.commit };
}

function behindOf(
  live: LiveRelease,
  formation: string,
  { deploymentTag, commit }: Passed,
  between: CommitsBetween | undefined,
): BehindFound {
  const isSame = live.deploymentTag === deploymentTag;
  return {
    behind: {
      formation,
      isBehind: !isSame && between?.count !== 0,
      ...defined({ deploymentTag, commit }),
      ...(isSame ? { count: 0 } : defined({ count: between?.count })),
      ...(between?.isMore === true ? { isMore: true } : {}),
      ...(between === undefined || between.count === 0 ? {} : listsOf(between)),
    },
  };
}

function listsOf({ commits, pulls }: CommitsBetween): Pick<Behind, 'commits' | 'pulls'> {
  return { commits: commits.map(one => ({ ...one })), pulls: pulls.map(one => ({ ...one })) };
}

function limitOf(
  range: CommitRange | undefined,
  answers: readonly unknown[] | string,
  answer: CommitsBetween | undefined,
): Pick<BehindFound, 'limit'> {
  if (range === undefined || answer !== undefined) return {};
  if (typeof answers === 'string') return { limit: `commits were not counted: ${answers}` };
  return { limit: `commits were not counted: GitHub does not have ${range.from} and ${range.to}` };
}
