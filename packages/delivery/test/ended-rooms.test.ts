import { describe, expect, it } from '@jest/globals';
import type { Room } from '@slipway/release';
import { judgeRooms } from '../src/spawned/ended-rooms.ts';
import type { PullSeen, Pulls } from '../src/spawned/pulls.ts';

const now = new Date('2026-12-01T12:00:00Z');
const [later, before] = [new Date('2026-12-02T12:00:00Z'), new Date('2026-12-01T11:00:00Z')];

const room = (changes: Partial<Room> = {}): Room =>
  ({
    ...{ application: 'shop', from: 'preview', formation: 'preview-7', key: '7', pull: 7 },
    ...{ repository: 'acme/shop', repositoryId: 4711, expires: later, ...changes },
  }) as Room;
const closed: PullSeen = {
  ...{ state: 'closed', repositoryId: 4711, isOfFork: false, isDraft: false, isByBot: false },
};

/** GitHub, with what was asked of it. */
function answering(seen: PullSeen, repositoryId?: number): Pulls & { readonly asked: (number | 'id')[] } {
  const asked: (number | 'id')[] = [];
  return {
    asked,
    async look(number) {
      asked.push(number);
      return seen;
    },
    async repositoryId() {
      asked.push('id');
      return repositoryId;
    },
  };
}

async function judged(one: Room, pulls: Pulls, repository = 'acme/shop'): Promise<boolean> {
  const [verdict] = await judgeRooms([one], {
    now,
    pulls,
    run: { repository, server: 'https://github.com' },
  });
  return verdict?.isOver === true;
}

describe('an instance of another repository stays, whatever else is true', () => {
  it.each<[string, Partial<Room>, PullSeen, number | undefined]>([
    ['its pull request is closed', {}, closed, 1],
    ['it is expired', { expires: before }, closed, 1],
    ['its removal had begun', { isEnding: true }, closed, 1],
    ['GitHub does not say which repository this is', { expires: before }, closed, undefined],
    ['GitHub says a number that is not one', { expires: before }, closed, Number.NaN],
    [
      'it does not know its own number',
      { expires: before, repositoryId: undefined } as never,
      closed,
      undefined,
    ],
  ])('%s', async (_title, changes, seen, id) => {
    const pulls = answering(seen, id);
    expect(await judged(room({ ...changes, repository: 'other/shop' }), pulls)).toBe(false);
    expect(pulls.asked).toEqual(['id']);
  });
});

it('an instance of a repository of this name on another server stays, and GitHub is not asked', async () => {
  const pulls = answering(closed, 4711);
  const there = { server: 'https://ghe.acme.io', expires: before, isEnding: true } as const;
  expect([await judged(room(there), pulls), pulls.asked]).toEqual([false, []]);
  expect(await judged(room({ ...there, server: 'https://github.com' }), pulls)).toBe(true);
});

describe('an instance of this repository', () => {
  it('is found by its number after a new name, for which alone GitHub is asked', async () => {
    const pulls = answering(closed, 4711);
    expect(await judged(room({ repository: 'acme/old-name' }), pulls)).toBe(true);
    expect(pulls.asked).toEqual(['id', 7]);
    const same = answering(closed, 4711);
    expect([await judged(room(), same), same.asked]).toEqual([true, [7]]);
  });

  it.each<[string, PullSeen]>([
    ['GitHub fails', { state: 'unknown', why: 'status 500' }],
    ['GitHub limits requests', { state: 'unknown', why: 'status 429' }],
    ['the pull request is not there', { state: 'unknown', why: 'status 404' }],
    ['the token may not read it', { state: 'unknown', why: 'status 403' }],
    ['it is closed in another repository of that name', { ...closed, repositoryId: 99 }],
    ['it is open, as a draft', { ...closed, state: 'open', isDraft: true }],
    ['it is open, of a fork by now', { ...closed, state: 'open', isOfFork: true }],
  ])('stays where %s', async (_title, seen) => {
    expect(await judged(room(), answering(seen, 4711))).toBe(false);
  });

  it('that is expired is over without a question, and one of a branch only then', async () => {
    const pulls = answering(closed, 4711);
    expect(await judged(room({ expires: before }), pulls)).toBe(true);
    const branch = {
      ...room({ key: 'login', formation: 'preview-login' }),
      pull: undefined,
    } as never as Room;
    expect(await judged(branch, pulls)).toBe(false);
    expect(await judged({ ...branch, expires: now }, pulls)).toBe(true);
    expect(pulls.asked).toEqual([]);
  });
});
