import type { Release, ReleaseSteps } from '@slipway/core';
import { changed, closed, type LockedGround, type StepsGround, type WatchTerms } from '../../src/index.ts';
import { act, newWorld, type World } from '../machine/world.ts';

/** A cluster and a record in memory, with what a test may do at each act. */
export interface FakeGround extends StepsGround {
  readonly world: World;
  release: Release;
  /** What happened, in order: `lock`, `reach copies`, `watch copy`, `unlock`. */
  readonly log: string[];
  readonly said: string[];
  isLocked: boolean;
  /** Is called once a watch has seen what there is. */
  afterWatch?: () => void;
}

export interface FakeTerms {
  /** Is called before each act, with its words in the log; throws to kill the run. */
  readonly before?: (act: string, ground: FakeGround) => void;
  /** Milliseconds of the next watches that do not count. */
  readonly lost?: number[];
}

export function fakeGround(
  steps: ReleaseSteps,
  { before = () => {}, lost = [] }: FakeTerms = {},
): FakeGround {
  const world = newWorld();
  const log: string[] = [];
  const note = (what: string): void => {
    before(what, ground);
    log.push(what);
  };
  const update = (changes: Partial<Release>): void => {
    ground.release = { ...ground.release, ...changes };
  };
  const locked: LockedGround = {
    read: async () => ground.release,
    now: async () => world.now,
    see: async ({ steps: known }) => ({
      ...world,
      areCopiesSized: Object.entries(known?.target.sizes ?? {}).every(
        ([name, size]) => (world.copies[name] ?? 0) === size,
      ),
      areCopiesSentTo: true,
    }),
    reach: async ({ steps: known }, part, force) => {
      note(`reach ${part}`);
      if (known !== undefined) act(world, known, { do: 'reach', part, force });
    },
    askCommit: async () => {
      note('ask commit');
      return world.commitRefused;
    },
    change: async (_release, to) => {
      note(`move ${to.phase} ${to['waiting-for'] ?? ''}`.trim());
      update({ steps: to });
    },
    close: async (release, verdict) => {
      note(`close ${verdict}`);
      update({ verdict, ...(release.steps && { steps: closed(release.steps) }) });
      return ground.release;
    },
  };
  const watch = async (_release: Release, { what, stableFor = 30_000 }: WatchTerms) => {
    note(`watch ${what}`);
    world.now = new Date(world.now.getTime() + stableFor);
    const health = world[what];
    ground.afterWatch?.();
    return { health, lost: lost.shift() ?? 0, crossed: world.crossed };
  };
  const ground: FakeGround = {
    ...{ world, log, said: [], isLocked: false },
    release: { number: 42, steps: changed(steps, {}) } as Release,
    async locked(work) {
      ground.isLocked = true;
      log.push('lock');
      try {
        return await work(locked);
      } finally {
        ground.isLocked = false;
        log.push('unlock');
      }
    },
    watch,
    judge: async () => {
      note('judge');
      return { verdict: world.verdict, summary: world.verdict };
    },
    say: sentence => ground.said.push(sentence),
    note: () => {},
  };
  return ground;
}
