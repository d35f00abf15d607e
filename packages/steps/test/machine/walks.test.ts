import { describe, expect, it } from '@jest/globals';
import type { ReleaseSteps } from '@slipway/core';
import fc from 'fast-check';
import { beforeNewer, isHome, whenCancelled } from '../../src/index.ts';
import { at, decision, LIST, stepsIn } from './look.ts';
import { type Ended, type Kept, newWorld, shareOf, type Visit, visit, type World } from './world.ts';

const MINUTE = 60_000;
const LISTS: readonly ReleaseSteps['list'][] = [
  LIST,
  [{ weight: 0 }, { weight: 10, bake: '10m' }, { weight: 50, bake: '10m', unwatched: true }],
  [
    { weight: 0, pause: 'qa' },
    { weight: 100, bake: '20m', unwatched: true },
  ],
  [{ weight: 0, bake: '1h' }],
  [{ weight: 0 }, { weight: 20, bake: '2h' }],
];

function begun(list: ReleaseSteps['list'], settings: ReleaseSteps['settings'] = {}): Kept {
  const { results: _, ...steps } = stepsIn(0, { list, settings });
  return {
    steps: { ...steps, phase: 'starting', times: { brought: at(0), expires: at(24 * 60) } },
    writes: 0,
  };
}

/** What happens from outside, besides the runs. */
type Event =
  | { readonly kind: 'visit'; readonly visit: Visit }
  | { readonly kind: 'cancel' | 'newer' }
  | { readonly kind: 'world'; readonly change: Partial<World> }
  | { readonly kind: 'time'; readonly minutes: number };

const health = fc.constantFrom<World['copy']>(
  { state: 'ready' },
  { state: 'ready' },
  { state: 'progressing', message: '0 of 1 is ready' },
  { state: 'failed', message: 'crash-looping' },
);

const decisions = fc.constantFrom(
  undefined,
  undefined,
  decision('continue', 'early'),
  decision('continue', 'commit'),
  decision('continue', 'qa'),
  decision('continue', 'step-1'),
  decision('continue', 'commit-refused'),
  decision('continue', 'foreign-edit'),
  decision('promote'),
  decision('promote', undefined, { commit: 'only acme/release may' }),
  decision('reject'),
);

const visits = fc.record({
  decision: decisions,
  attend: fc.constantFrom(0, 15 * MINUTE, 60 * MINUTE),
  killedAfter: fc.oneof({ weight: 2, arbitrary: fc.constant(500) }, { weight: 1, arbitrary: fc.nat(12) }),
});

const worlds: fc.Arbitrary<Partial<World>> = fc.oneof(
  health.map(copy => ({ copy })),
  health.map(stable => ({ stable, stableServes: stable.state !== 'failed' })),
  fc.constantFrom<Partial<World>>(
    { foreign: { what: 'kubectl changed Service api', canBeTakenBack: true } },
    { foreign: { what: 'kubectl changed Deployment api', canBeTakenBack: false } },
    { foreign: undefined },
    { crossed: 'latency of next is 2 s' },
    { crossed: undefined },
    { verdict: 'passed' },
    { verdict: 'failed' },
    { verdict: 'inconclusive' },
    { commitRefused: 'forbidden' },
    { commitRefused: undefined },
    { stableSizes: { api: 8 } },
    { stableSizes: { api: 2 } },
  ),
);

const events: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: visits.map(found => ({ kind: 'visit' as const, visit: found })) },
  { weight: 3, arbitrary: worlds.map(change => ({ kind: 'world' as const, change })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 12, 90, 25 * 60).map(minutes => ({ kind: 'time' as const, minutes })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Event>({ kind: 'cancel' }, { kind: 'newer' }) },
);

const walk = fc.record({
  list: fc.constantFrom(...LISTS),
  inconclusive: fc.constantFrom('pause' as const, 'reject' as const),
  events: fc.array(events, { minLength: 1, maxLength: 25 }),
});

/** Carries the walk out. @param after is called after each act and each event */
function carryOut(
  { list, inconclusive, events: happened }: typeof walk extends fc.Arbitrary<infer Walk> ? Walk : never,
  after: (world: World, kept: Kept, ended?: Ended) => void,
): { readonly world: World; readonly kept: Kept } {
  const [world, kept] = [newWorld(), begun(list, { 'on-inconclusive': inconclusive })];
  for (const event of happened) {
    if (kept.verdict !== undefined) break;
    let ended: Ended | undefined;
    if (event.kind === 'visit')
      ended = visit(world, kept, { ...event.visit, check: () => after(world, kept) });
    if (event.kind === 'world') Object.assign(world, event.change);
    if (event.kind === 'time') world.now = new Date(world.now.getTime() + event.minutes * MINUTE);
    if (event.kind === 'cancel')
      kept.steps = whenCancelled(kept.steps, decision('reject'), world.now) ?? kept.steps;
    if (event.kind === 'newer') {
      const first = beforeNewer(kept.steps, {
        isSame: false,
        isWithoutSteps: true,
        superseded: 0,
        release: 2,
      });
      if (first.do === 'undo') kept.steps = first.to;
    }
    after(world, kept, ended);
  }
  return { world, kept };
}

/** The walk ends well: whatever was wrong is right again, and runs look until nothing changes any more. */
function settle(world: World, kept: Kept): void {
  Object.assign(world, {
    ...{ copy: { state: 'ready' }, stable: { state: 'ready' }, stableServes: true, foreign: undefined },
    ...{ crossed: undefined, verdict: 'passed', commitRefused: undefined },
  });
  for (let looks = 0; looks < 20 && kept.verdict === undefined; looks++) {
    world.now = new Date(world.now.getTime() + MINUTE);
    visit(world, kept, { attend: 24 * 60 * MINUTE });
  }
}

const SEED = 20_261_130;
const terms = { seed: SEED, numRuns: 500 };

describe(`from any state, with any events (seed ${SEED}):`, () => {
  it('the share of the copy never rises once it is being undone before its commit', () => {
    fc.assert(
      fc.property(walk, given => {
        let least = Number.POSITIVE_INFINITY;
        carryOut(given, (world, { steps }) => {
          if (steps.phase !== 'undoing' || typeof steps.times['commit-began'] === 'string') return;
          // How many pods stable has is not Slipway's doing.
          const share = shareOf({ ...world, stableSizes: { api: 4 } });
          expect(share).toBeLessThanOrEqual(least);
          least = share;
        });
      }),
      terms,
    );
  });

  it('no copy outlives the close, and no user is left where it was, but for a rollback that failed', () => {
    fc.assert(
      fc.property(walk, given => {
        carryOut(given, (world, { verdict }) => {
          if (verdict === undefined || verdict === 'rollback-failed') return;
          expect(world.copies['api'] ?? 0).toBe(0);
          expect([world.selector, world.held]).toEqual([
            'stable',
            verdict === 'succeeded' ? 'as-released' : 'as-stable',
          ]);
        });
      }),
      terms,
    );
  });

  it('what waits is not a success, and what succeeded was committed whole', () => {
    fc.assert(
      fc.property(walk, given => {
        carryOut(given, ({ lastHalf, stable }, { steps, verdict }, ended) => {
          if (steps.phase === 'waiting' || ended === 'open') expect(verdict).toBeUndefined();
          if (verdict !== 'succeeded') return;
          expect([lastHalf, stable.state]).toEqual(['written', 'ready']);
          expect(typeof steps.times['commit-began']).toBe('string');
          expect(steps.undo).toBeUndefined();
        });
      }),
      terms,
    );
  });

  it('stable is written only from the commit on, and users go to the copy only while it is ready', () => {
    fc.assert(
      fc.property(walk, given => {
        let before = 0;
        carryOut(given, (world, { steps }) => {
          if (typeof steps.times['commit-began'] !== 'string') expect(world.lastHalf).toBe('to-write');
          const share = world.selector === 'stable' ? 0 : 1;
          if (share > before) expect(world.copy.state).toBe('ready');
          before = share;
        });
      }),
      terms,
    );
  });

  it('users are never sent to a stable that has no Ready pod', () => {
    fc.assert(
      fc.property(walk, given => {
        let before: World['selector'] = 'stable';
        carryOut(given, world => {
          if (world.selector === 'stable' && before !== 'stable') expect(world.stableServes).toBe(true);
          before = world.selector;
        });
      }),
      terms,
    );
  });

  it('the release is closed or waits for someone, once all is well again and runs look', () => {
    fc.assert(
      fc.property(walk, given => {
        const { world, kept } = carryOut(given, () => {});
        settle(world, kept);
        if (kept.verdict !== undefined) return;
        const awaited = kept.steps['waiting-for'];
        expect(['early', 'commit', 'qa', 'step-0', 'step-1', 'step-2', 'commit-refused', 'time']).toContain(
          awaited,
        );
        if (awaited === 'time') expect(kept.steps.target.selector).toBe('next');
      }),
      terms,
    );
  });
});

describe(`a run that is killed at any act, and the next look (seed ${SEED}):`, () => {
  const withoutTimes = ({ steps, verdict }: Kept): unknown => ({
    ...{ verdict, list: steps.list, phase: steps.phase, target: steps.target, undo: steps.undo?.verdict },
    results: (steps.results ?? []).map(({ at: place, verdict: judged }) => [place, judged]),
    decisions: (steps.decisions ?? []).map(({ what }) => what),
  });

  it('end as a run that was not killed', () => {
    const scripts = fc.constantFrom<readonly (ReturnType<typeof decision> | undefined)[]>(
      [undefined, decision('continue', 'early'), decision('continue', 'commit')],
      [undefined, decision('promote')],
      [undefined, decision('reject')],
      [undefined, decision('continue', 'early'), decision('reject')],
      [undefined, decision('continue', 'qa'), undefined],
    );
    const kills = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...LISTS), scripts, kills, (list, script, killedAfter) => {
        const whole = { world: newWorld(), kept: begun(list) };
        for (const made of script) visit(whole.world, whole.kept, { decision: made, attend: 180 * MINUTE });
        const killed = { world: newWorld(), kept: begun(list) };
        const left = [...killedAfter];
        for (const made of script)
          while (
            visit(killed.world, killed.kept, {
              decision: made,
              attend: 180 * MINUTE,
              killedAfter: left.shift() ?? 500,
            }) === 'killed'
          );
        expect(withoutTimes(killed.kept)).toEqual(withoutTimes(whole.kept));
        expect(killed.world.copies).toEqual(whole.world.copies);
        expect(killed.world.selector).toBe(whole.world.selector);
      }),
      terms,
    );
  });

  it('record a decision once, however often it is made', () => {
    const kept = begun(LIST);
    const world = newWorld();
    visit(world, kept, { attend: 60 * MINUTE });
    for (let times = 0; times < 3; times++) {
      visit(world, kept, { attend: 60 * MINUTE, decision: decision('continue', 'early') });
      expect(kept.steps.decisions).toHaveLength(1);
      expect(kept.steps['waiting-for']).toBe('commit');
    }
    for (let times = 0; times < 3; times++)
      visit(world, kept, { attend: 0, decision: decision('continue', 'commit') });
    expect(kept).toMatchObject({
      verdict: 'succeeded',
      steps: { decisions: [{ what: 'continue early' }, { what: 'continue commit' }] },
    });
    expect(isHome(kept.steps.target)).toBe(true);
    expect(kept.steps.phase).toBeUndefined();
  });
});
