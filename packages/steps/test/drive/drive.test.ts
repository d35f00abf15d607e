import { describe, expect, it } from '@jest/globals';
import type { ReleaseSteps } from '@slipway/core';
import { type Driven, type DriveTerms, drive } from '../../src/index.ts';
import { at, committing, decision, stepsIn, undoing, waitingIn } from '../machine/look.ts';
import { type FakeGround, fakeGround } from './fake-ground.ts';

const MINUTE = 60_000;
const starting = (): ReleaseSteps => {
  const { results: _, ...steps } = stepsIn(0);
  return { ...steps, phase: 'starting', times: { brought: at(0), expires: at(24 * 60) } };
};
const go = (ground: FakeGround, terms: Partial<DriveTerms> = {}): Promise<Driven> =>
  drive(ground, { attend: 60 * MINUTE, ...terms });
/** With what it takes for a look to find the copy there. */
const there = (steps: ReleaseSteps, terms?: Parameters<typeof fakeGround>[1]): FakeGround => {
  const ground = fakeGround(steps, terms);
  ground.world.copies = { ...steps.target.sizes };
  ground.world.selector = steps.target.selector;
  return ground;
};

describe('a release in steps', () => {
  it('goes from its beginning to a pause, from there to the next, and then to its commit', async () => {
    const ground = fakeGround(starting());
    expect(await go(ground)).toMatchObject({ ended: 'open', waitingFor: 'early' });
    expect(ground.world).toMatchObject({ selector: 'both', copies: { api: 1 }, lastHalf: 'to-write' });
    expect(await go(ground, { decision: decision('continue', 'early') })).toMatchObject({
      ended: 'open',
      waitingFor: 'commit',
    });
    expect(ground.world).toMatchObject({ selector: 'both', copies: { api: 4 }, lastHalf: 'to-write' });
    expect(await go(ground, { decision: decision('continue', 'commit') })).toMatchObject({
      ended: 'closed',
      verdict: 'succeeded',
      before: false,
    });
    expect(ground.world).toMatchObject({
      selector: 'stable',
      copies: { api: 0 },
      lastHalf: 'written',
      held: 'as-released',
    });
    expect(ground.release.steps?.decisions).toMatchObject([
      { what: 'continue early' },
      { what: 'continue commit' },
    ]);
  });

  it('is written under the lock only, and watched and judged without it', async () => {
    const acts: [string, boolean][] = [];
    const ground = fakeGround(starting(), { before: (act, { isLocked }) => acts.push([act, isLocked]) });
    await go(ground, { decision: undefined });
    await go(ground, { decision: decision('promote') });
    const free = acts.filter(([, isLocked]) => !isLocked).map(([act]) => act);
    expect(new Set(free)).toEqual(new Set(['watch copy', 'watch stable', 'judge']));
    const locked = acts.filter(([, isLocked]) => isLocked).map(([act]) => act.split(' ')[0]);
    expect(new Set(locked)).toEqual(new Set(['reach', 'move', 'ask', 'close']));
  });

  it('that is closed already is left so', async () => {
    const ground = fakeGround(starting());
    ground.release = { ...ground.release, verdict: 'superseded' };
    expect(await go(ground)).toMatchObject({ ended: 'closed', verdict: 'superseded', before: true });
    expect(ground.log).toEqual(['lock', 'unlock']);
  });

  it('that does not wait for what the run is for is left so', async () => {
    const ground = there(waitingIn(1, 'early'));
    expect(await go(ground, { ifWaitingFor: 'commit', decision: decision('reject') })).toMatchObject({
      ended: 'not-awaited',
    });
    expect(ground.log).toEqual(['lock', 'unlock']);
    const early = { ifWaitingFor: 'early', decision: decision('reject') };
    expect(await go(ground, early)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    expect(await go(ground, early)).toMatchObject({ ended: 'not-awaited' });
  });
});

it('a decision about a pause is taken also while something stops the release there', async () => {
  const ground = there(waitingIn(1, 'stable'));
  ground.world.stableServes = false;
  const go = (what: 'continue' | 'reject', name?: string) =>
    drive(ground, { ifWaitingFor: 'early', decision: decision(what, name), attend: 60_000 });
  expect(await go('continue', 'early')).toMatchObject({ ended: 'refused' });
  expect(await go('reject')).toMatchObject({ ended: 'open', waitingFor: 'stable' });
  expect(ground.release.steps).toMatchObject({ phase: 'undoing', decisions: [{ what: 'reject' }] });
});

describe('a release that another run moves on meanwhile', () => {
  it('is not given up for what was seen of pods that it has no more', async () => {
    const ground = there(committing(), {
      before: act => {
        if (act !== 'watch stable' || ground.release.steps?.phase !== 'committing') return;
        // The new version does not become ready, and the other run has given stable back what it had.
        ground.world.stable = { state: 'failed', message: 'crash-looping' };
        ground.world.lastHalf = 'taken-back';
        ground.afterWatch = () => {
          ground.world.stable = { state: 'ready' };
        };
        const { times, ...steps } = undoing();
        ground.release = {
          ...ground.release,
          steps: { ...steps, times: { ...times, 'commit-began': at(-1) }, target: committing().target },
        };
      },
    });
    expect(await go(ground)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  });

  it('sends no user to pods that were not looked at', async () => {
    const ground = there(stepsIn(1, { times: { since: at(-20), due: at(-10) } }), {
      before: act => {
        const { steps } = ground.release;
        if (act !== 'judge' || steps === undefined || steps.target.at !== 1) return;
        // The other run promotes it to a step with more pods, which are there and not Ready yet.
        ground.world.copies = { api: 4 };
        ground.world.copy = { state: 'failed', message: 'crash-looping' };
        const { since: _since, due: _due, ...times } = steps.times;
        const target = { at: 2, selector: 'next' as const, asked: 100, real: 100, sizes: { api: 4 } };
        ground.release = { ...ground.release, steps: { ...steps, times, target } };
      },
    });
    expect(await go(ground)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    expect(ground.log.slice(0, ground.log.indexOf('move undoing'))).not.toContain('reach traffic');
  });
});

describe('a look', () => {
  it.each<readonly [string, ReleaseSteps]>([
    ['at a pause', waitingIn(1, 'early')],
    ['in a bake', stepsIn(1)],
  ])('sees a copy that has failed %s, before any decision', async (_when, steps) => {
    const ground = there(steps);
    ground.world.copy = { state: 'failed', message: 'crash-looping' };
    const driven = await go(ground, { decision: decision('continue', 'early') });
    expect(driven).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    expect(ground.release.steps?.undo).toMatchObject({ by: 'health', why: 'crash-looping' });
    expect(ground.world.copies).toEqual({ api: 0 });
  });

  it('reads the record again before each act: what another run has decided meanwhile holds', async () => {
    let isRejected = false;
    const ground = there(stepsIn(1, { times: { since: at(-20), due: at(-10) } }), {
      before: (act, { isLocked }) => {
        if (act !== 'judge' || isRejected || isLocked) return;
        isRejected = true;
        ground.release = { ...ground.release, steps: { ...undoing(), list: stepsIn(1).list } };
      },
    });
    expect(await go(ground)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    expect(ground.release.steps?.undo?.by).toBe('decision');
    expect(ground.release.steps?.results).toEqual(undoing().results);
  });

  it('judges a step once for the time that it is about, and again once that time has changed', async () => {
    let isMoved = false;
    const ground = there(stepsIn(1, { times: { since: at(-20), due: at(-10) } }), {
      before: act => {
        const { steps } = ground.release;
        if (act !== 'judge' || isMoved || steps === undefined) return;
        isMoved = true;
        ground.release = { ...ground.release, steps: { ...steps, times: { ...steps.times, due: at(3) } } };
      },
    });
    expect(await go(ground)).toMatchObject({ ended: 'open', waitingFor: 'early' });
    expect(ground.log.filter(act => act === 'judge')).toHaveLength(2);
  });

  it('does not count the time in which the API server was away', async () => {
    const ground = there(stepsIn(1), { lost: [0, 2 * MINUTE] });
    await go(ground);
    expect(ground.release.steps?.times.due).toBe(at(7));
    expect(ground.said).toContainEqual(expect.stringContaining('a part of its time does not count'));
  });

  it.each([
    ['attend', { attend: 1 * MINUTE }],
    ['its login, by when that ends', { attend: 60 * MINUTE, login: { ends: new Date(at(2)) } }],
    ['its login, by how long that lasts', { attend: 60 * MINUTE, login: { lasts: 2 * MINUTE } }],
  ])(
    'ends with the release waiting for time where %s does not reach to the end of the bake',
    async (_what, terms) => {
      const ground = there(stepsIn(1));
      expect(await go(ground, terms)).toMatchObject({ ended: 'open', waitingFor: 'time' });
      expect(ground.release.steps).toMatchObject({
        phase: 'waiting',
        'waiting-for': 'time',
        times: { due: at(5) },
      });
      expect(ground.world.selector).toBe('both');
    },
  );

  it('undoes it instead, where it may not go on unwatched', async () => {
    const list: ReleaseSteps['list'] = [{ weight: 0 }, { weight: 20, bake: '10m' }];
    const ground = there(stepsIn(1, { list }));
    expect(await go(ground, { attend: MINUTE })).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    expect(ground.release.steps?.undo?.by).toBe('unwatched');
  });

  it('gives up what is changed back again and again, and says which part', async () => {
    const ground = there(stepsIn(1), {
      before: act => {
        if (act === 'reach traffic') ground.release = { ...ground.release };
      },
    });
    Object.defineProperty(ground.world, 'selector', { get: () => 'stable', set: () => {}, enumerable: true });
    await expect(go(ground)).rejects.toMatchObject({
      code: 'steps-not-reached',
      message: expect.stringContaining('(traffic)'),
    });
  });

  it('carries a commit and an undo to their ends, whoever began them', async () => {
    const commit = there(committing());
    expect(await go(commit)).toMatchObject({ ended: 'closed', verdict: 'succeeded' });
    const undo = there(undoing());
    expect(await go(undo)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    const rolledBack = there(committing());
    rolledBack.world.lastHalf = 'written';
    expect(await go(rolledBack, { decision: decision('reject') })).toMatchObject({
      ended: 'closed',
      verdict: 'rolled-back',
    });
    expect(rolledBack.world).toMatchObject({ lastHalf: 'taken-back', held: 'as-stable' });
  });
});

describe('a run that is killed at any of its acts', () => {
  const killed = new Error('killed');
  const script = [undefined, decision('continue', 'early'), decision('continue', 'commit')];

  async function until(act: number, made: readonly (typeof script)[number][]): Promise<FakeGround> {
    let left = act;
    const ground = fakeGround(starting(), {
      before: () => {
        if (left-- === 0) throw killed;
      },
    });
    for (const one of made) {
      for (let isDone = false; !isDone; ) {
        try {
          await go(ground, { decision: one });
          isDone = true;
        } catch (error) {
          if (error !== killed) throw error;
        }
      }
    }
    return ground;
  }

  it.each([
    ['a commit', script],
    ['a promotion', [undefined, decision('promote')]],
    ['a rejection', [undefined, decision('continue', 'early'), decision('reject')]],
  ])('leads to the same end with the next look: %s', async (_what, made) => {
    const whole = await until(-1, made);
    const acts = whole.log.filter(act => !act.endsWith('lock')).length;
    expect(acts).toBeGreaterThan(8);
    for (let act = 0; act < acts; act++) {
      const ground = await until(act, made);
      expect([act, ground.release.verdict]).toEqual([act, whole.release.verdict]);
      expect(ground.world).toMatchObject({
        selector: whole.world.selector,
        copies: whole.world.copies,
        lastHalf: whole.world.lastHalf,
        held: whole.world.held,
      });
      expect(ground.release.steps?.decisions?.map(({ what }) => what)).toEqual(
        whole.release.steps?.decisions?.map(({ what }) => what),
      );
      expect(ground.release.steps?.target).toEqual(whole.release.steps?.target);
    }
  });
});
