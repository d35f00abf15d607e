import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { defined, silentLogger } from '@slipway/core';
import { type FileSource, filesBelow, readApplicationName } from '@slipway/render';
import type { BaseCommit } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import { openBase } from './base.ts';
import { checkoutOf, openHistory } from './history.ts';

/** An application of the base commit. */
export interface BaseApplication {
  /** The path of its slipway.yaml in the workspace. */
  readonly path: string;
  readonly name: string;
}

/** One whose file the checkout does not have any more. */
export interface RemovedApplication extends BaseApplication {
  /** The path of another file of the checkout that has its name now. */
  readonly movedTo?: string;
}

/** The applications of the commit that a pull request would be merged into. */
export interface BaseApplications {
  /** Their names there by path; without those that are not there, or whose name cannot be read. */
  readonly names: ReadonlyMap<string, string>;
  /** None if the checkout does not know what changed. */
  readonly removed: readonly RemovedApplication[];
}

/**
 * Reads the base commit in the checkout of each application, which need not be the workspace itself.
 * @param paths of slipway.yaml, relative to the workspace
 * @throws SlipwayError `base-unreadable`
 */
export async function readBaseApplications(
  paths: readonly string[],
  commit: BaseCommit,
  surroundings: CheckSurroundings,
): Promise<BaseApplications> {
  const checkouts = Map.groupBy(paths, path => checkoutOf(path, surroundings.workspace));
  const found = await Promise.all(
    [...checkouts.values()].map(async own => await readCheckout(own, commit, surroundings)),
  );
  return {
    names: new Map(found.flatMap(({ names }) => names.map(({ path, name }) => [path, name] as const))),
    removed: found.flatMap(({ removed }) => removed),
  };
}

interface OfCheckout {
  readonly names: readonly BaseApplication[];
  readonly removed: readonly RemovedApplication[];
}

/** @param paths in one checkout */
async function readCheckout(
  paths: readonly string[],
  commit: BaseCommit,
  surroundings: CheckSurroundings,
): Promise<OfCheckout> {
  const history = await openHistory(paths[0] ?? '', surroundings);
  // The check itself says in the log which commit it is.
  const base = await openBase(commit, async () => history, silentLogger);
  if (base === undefined) return { names: [], removed: [] };
  const { workspace } = surroundings;
  const changed = (await history.changedSince(base.commit)) ?? [];
  const files = changed.filter(path => posix.basename(path) === 'slipway.yaml');
  const kept = files.filter(path => existsSync(resolve(workspace, path)));
  const gone = files.filter(path => !kept.includes(path));
  const present = await namesIn(filesBelow(workspace), kept);
  const removed = await namesIn(base.files, gone);
  return {
    names: await namesIn(base.files, paths),
    removed: removed.map(one => ({ ...one, ...defined({ movedTo: pathOf(one.name, present) }) })),
  };
}

/** GitHub ignores the case of the name of a status. */
function pathOf(name: string, applications: readonly BaseApplication[]): string | undefined {
  return applications.find(one => one.name.toLowerCase() === name.toLowerCase())?.path;
}

async function namesIn(files: FileSource, paths: readonly string[]): Promise<readonly BaseApplication[]> {
  const named = await Promise.all(
    paths.map(async path => ({ path, name: await readApplicationName(files, path) })),
  );
  return named.flatMap(({ path, name }) => (name === undefined ? [] : [{ path, name }]));
}
