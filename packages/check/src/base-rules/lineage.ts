import { defined } from '@slipway/core';
import type { Distance } from '@slipway/git';
import type { CommitParents } from '../request/remote-history.ts';

/** How a commit is related to another one. */
export interface Lineage {
  /** `behind`: the other one contains it; `ahead`: it contains the other one; `apart`: each has commits of its own. */
  readonly relation: 'same' | 'behind' | 'ahead' | 'apart';
  /** How many commits only the other one has; absent if that is not known. */
  readonly behind?: number;
  /** How many commits only this one has; absent if that is not known. */
  readonly ahead?: number;
}

export function lineageOf({ ahead, behind }: Distance): Lineage {
  const relation =
    ahead === 0 ? (behind === 0 ? 'same' : 'behind') : behind === 0 ? 'ahead' : ('apart' as const);
  return { relation, ahead, behind };
}

/**
 * The same from the newest commits of each, as an API lists them.
 * @param list the newest commits that a commit contains, itself included
 * @returns undefined if neither is among the newest commits of the other one: then nothing is known
 */
export async function listedLineage(
  one: string,
  other: string,
  list: (commit: string) => Promise<readonly CommitParents[]>,
): Promise<Lineage | undefined> {
  if (one === other) return { relation: 'same', ahead: 0, behind: 0 };
  const ofOther = await list(other);
  if (has(ofOther, one))
    return { relation: 'behind', ahead: 0, ...defined({ behind: countBetween(ofOther, other, one) }) };
  const ofOne = await list(one);
  if (has(ofOne, other))
    return { relation: 'ahead', behind: 0, ...defined({ ahead: countBetween(ofOne, one, other) }) };
  return undefined;
}

function has(commits: readonly CommitParents[], id: string): boolean {
  return commits.some(commit => commit.id === id);
}

/** How many commits `newer` contains that `older` does not; undefined if the list ends before that is known. */
function countBetween(commits: readonly CommitParents[], newer: string, older: string): number | undefined {
  const parents = new Map(commits.map(commit => [commit.id, commit.parents]));
  const known = reachable(older, parents, new Set());
  const between = reachable(newer, parents, known);
  // A parent beyond the end of the list may be among the older ones, or have more commits behind it.
  return [...between].every(id => parents.has(id)) ? between.size : undefined;
}

/** The commits that one contains, itself included, without those that are to be left out and what is only behind them. */
function reachable(
  from: string,
  parents: ReadonlyMap<string, readonly string[]>,
  without: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id) || without.has(id)) continue;
    found.add(id);
    waiting.push(...(parents.get(id) ?? []));
  }
  return found;
}
