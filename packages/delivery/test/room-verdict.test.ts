import { describe, expect, it } from '@jest/globals';
import type { Room } from '@slipway/release';
import type { PullSeen } from '../src/spawned/pulls.ts';
import { isAsked, mostRemoved, roomVerdict } from '../src/spawned/room-verdict.ts';

const now = new Date('2026-12-01T12:00:00Z');
const later = new Date('2026-12-02T12:00:00Z');

const room = (changes: Partial<Room> = {}): Room =>
  ({ pull: 7, repositoryId: 4711, expires: later, ...changes }) as Room;

const seen = (changes: Partial<Exclude<PullSeen, { state: 'unknown' }>>): PullSeen => ({
  ...{ state: 'open', repositoryId: 4711, isOfFork: false, isDraft: false, isByBot: false },
  ...changes,
});

describe('an instance is over', () => {
  it.each([
    ['once it is expired, whatever its pull request is', room({ expires: now }), undefined],
    ['once its pull request is closed', room(), seen({ state: 'closed' })],
    ['once its removal had begun', room({ isEnding: true }), undefined],
  ] as const)('%s', (_when, one, answer) => {
    expect(roomVerdict(one, now, answer).isOver).toBe(true);
  });
});

describe('an instance stays', () => {
  it.each([
    ['while its pull request is open', room(), seen({})],
    ['while its pull request cannot be seen', room(), { state: 'unknown', why: 'status 404' }],
    [
      'while a closed pull request is of another repository',
      room(),
      seen({ state: 'closed', repositoryId: 1 }),
    ],
    [
      'while it does not know its repository, and a pull request of its number is closed',
      { ...room(), repositoryId: undefined } as unknown as Room,
      seen({ state: 'closed' }),
    ],
    ['until it expires, as one of a branch', { ...room(), pull: undefined } as unknown as Room, undefined],
    ['while nothing was asked', room(), undefined],
  ] as const)('%s', (_when, one, answer) => {
    expect(roomVerdict(one, now, answer as PullSeen | undefined).isOver).toBe(false);
  });
});

it('only the pull requests of those that are not over by themselves are asked about', () => {
  expect([
    isAsked(room(), now),
    isAsked(room({ expires: now }), now),
    isAsked(room({ isEnding: true }), now),
    isAsked({ ...room(), pull: undefined } as unknown as Room, now),
  ]).toEqual([true, false, false, false]);
});

it.each([
  [1, 5],
  [15, 5],
  [18, 6],
  [100, 33],
])('of %i instances a sweep removes %i at most by itself', (instances, most) =>
  expect(mostRemoved(instances)).toBe(most),
);
