import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { silentLogger } from '@slipway/core';
import { readApplicationName } from '@slipway/render';
import type { BaseCommit } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import { openBase } from './base.ts';
import { openHistory } from './history.ts';

/** An application of the base commit. */
export interface BaseApplication {
  /** The path of its slipway.yaml in the workspace. */
  readonly path: string;
  readonly name: string;
}

/** The applications of the commit that a pull request would be merged into. */
export interface BaseApplications {
  /** Its name there; undefined if there is no application at the path, or its name cannot be read. */
  nameAt(path: string): Promise<string | undefined>;
  /** Those whose file the checkout does not have any more; none if the checkout does not know what changed. */
  readonly removed: readonly BaseApplication[];
}

/** @throws SlipwayError `base-unreadable` */
export async function readBaseApplications(
  commit: BaseCommit,
  surroundings: CheckSurroundings,
): Promise<BaseApplications> {
  const { workspace } = surroundings;
  const history = await openHistory('', surroundings);
  // The check itself says in the log which commit it is.
  const base = await openBase(commit, async () => history, silentLogger);
  if (base === undefined) return { nameAt: async () => undefined, removed: [] };
  const nameAt = (path: string): Promise<string | undefined> => readApplicationName(base.files, path);
  const gone = ((await history.changedSince(base.commit)) ?? []).filter(
    path => posix.basename(path) === 'slipway.yaml' && !existsSync(resolve(workspace, path)),
  );
  const named = await Promise.all(gone.map(async path => ({ path, name: await nameAt(path) })));
  return {
    nameAt,
    removed: named.flatMap(({ path, name }) => (name === undefined ? [] : [{ path, name }])),
  };
}
