import { describe, expect, it } from '@jest/globals';
import type { ScheduledLook } from '@slipway/action-kit';
import type { Release } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { stepsState } from '@slipway/testkit/releases';
import { requireNextLook } from '../src/steps/next-look.ts';

const release = {
  number: 42,
  steps: stepsState({ 'waiting-for': 'time', times: { due: '2026-11-30T13:00:00Z' } }),
} as unknown as Release;

function look(is: ScheduledLook, eventName = 'push') {
  const runner = fakeRunner({ context: { eventName } });
  const inputs = { deployment: { token: 'ghs_1' } } as never;
  return { runner, done: requireNextLook(release, { inputs, runner }, async () => is) };
}

describe('a release that waits for time', () => {
  it('is not a planned wait where nothing looks at it again, and says when it is due', async () => {
    const { done } = look({ is: 'missing' });
    await expect(done).rejects.toMatchObject({
      code: 'release-open',
      problems: [
        {
          message: expect.stringContaining(
            'release 42 is open at 50 % and waits for time, and no active workflow',
          ),
          remedy: expect.stringContaining('with "release: 42" at 2026-11-30T13:00:00Z or later'),
        },
      ],
    });
  });

  it('is one where a schedule looks at it, and the run of a schedule is that look', async () => {
    const { runner, done } = look({ is: 'there', path: 'a.yml' });
    await done;
    await look({ is: 'missing' }, 'schedule').done;
    expect(runner.log).toEqual([]);
  });

  it('is one with a warning where that is not known', async () => {
    const { runner, done } = look({ is: 'unknown', why: 'the step has no token for GitHub' });
    await done;
    expect(runner.log).toEqual([
      expect.stringMatching(/^warning: .*release 42 again: the step has no token/),
    ]);
  });
});
