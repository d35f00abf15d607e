import { describe, expect, it } from '@jest/globals';
import { loginProblems } from '../src/index.ts';

const MINUTE = 60_000;
const NOW = new Date('2026-11-30T12:00:00Z');
const inMinutes = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE);
const BAKES = { steps: [{ weight: 10, bake: '10m' }] };
const LONG = { steps: [{ weight: 10, bake: '58m' }], attend: '2h' };

describe('the login of a release in steps', () => {
  it('is refused where it ends before the bakes that are watched, and what takes a release back', () => {
    expect(loginProblems(BAKES, inMinutes(15), NOW)).toEqual([]);
    expect(loginProblems(BAKES, inMinutes(14), NOW)).toMatchObject([
      { code: 'steps-login', message: expect.stringContaining('ends in 14 min') },
    ]);
  });

  it('lasts an hour where it does not say when it ends', () => {
    expect(loginProblems(BAKES, undefined, NOW)).toEqual([]);
    expect(loginProblems(LONG, undefined, NOW)).toMatchObject([{ code: 'steps-login' }]);
    expect(loginProblems(LONG, inMinutes(120), NOW)).toEqual([]);
  });

  it('may be as short as it is where no bake is watched', () => {
    expect(loginProblems({ steps: [{ weight: 0, pause: 'qa' }] }, inMinutes(1), NOW)).toEqual([]);
  });
});
