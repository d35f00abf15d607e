import { isAbsolute, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type Formation,
  type Problem,
  quote,
  SlipwayError,
  type SpawnBlock,
  throwIfAny,
} from '@slipway/core';
import { readRepositoryFrom } from '@slipway/render';
import type { CheckErrorCode } from '../error-codes.ts';
import type { BaseCommit } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import { openBase } from './base.ts';
import { openHistory } from './history.ts';
import { secondCheckouts } from './second-checkouts.ts';

/** What a base commit lets have instances, by the names of the formations. */
export interface BaseSpawning {
  readonly commit: string;
  /**
   * @param own the formation as the checkout has it: where its instances go and what keeps them apart must be as in the base commit, in
   *   whose words the room of a namespace is counted
   * @throws SlipwayError `spawn-unmerged` for a formation that has none there, `spawn-moved`
   */
  blockOf(formation: string, own: Formation): SpawnBlock;
}

/**
 * The `spawn` blocks of the base commit; undefined where those of the checkout count, as on a push.
 * @param application the path of slipway.yaml
 * @throws SlipwayError `base-unreadable`, and what is wrong with the files of that commit
 */
export async function readBaseSpawning(
  base: BaseCommit | undefined,
  application: string,
  surroundings: CheckSurroundings,
): Promise<BaseSpawning | undefined> {
  const { workspace, logger } = surroundings;
  const opened = await openBase(base, () => openHistory(application, surroundings), logger);
  if (opened === undefined) return undefined;
  const { commit, files, history } = opened;
  const path = isAbsolute(application) ? relative(workspace, application).split(sep).join('/') : application;
  if ((await files.read(path)) === undefined) return spawningOf(commit, new Map());
  const { spawning } = await readRepositoryFrom(files, path, secondCheckouts(history, workspace));
  return spawningOf(commit, new Map([...spawning].map(([name, { formation }]) => [name, formation])));
}

/** What a pull request cannot change of its own instance: where it goes, and what keeps it apart from others there. */
const PLACE = ['destinations', 'name-prefix', 'labels'] as const;

/** What the formations of a commit let have instances. */
export function spawningOf(commit: string, formations: ReadonlyMap<string, Formation>): BaseSpawning {
  return {
    commit,
    blockOf(formation, own) {
      const base = formations.get(formation)?.spec;
      if (base?.spawn === undefined) throw unmerged(formation, commit);
      throwIfAny(
        PLACE.filter(field => !isDeepStrictEqual(base[field], own.spec[field])).map(field =>
          moved(formation, field, commit),
        ),
      );
      return base.spawn;
    },
  };
}

function moved(formation: string, field: string, commit: string): Problem<CheckErrorCode> {
  return {
    code: 'spawn-moved',
    message: `${quote(field)} of the formation ${quote(formation)} is not as in the base commit ${commit.slice(0, 12)}, which says where instances are and what keeps them apart`,
    remedy: 'merge that change first: the pull requests after it have instances by it',
  };
}

export function unmerged(formation: string, commit: string): SlipwayError<CheckErrorCode> {
  return new SlipwayError({
    code: 'spawn-unmerged',
    message: `the formation ${quote(formation)} has no spawn block in the base commit ${commit.slice(0, 12)}, which says what is spawned`,
    remedy: 'merge the block first: until then the formation has no instances',
  });
}
