import { describe, expect, it } from '@jest/globals';
import type { ScheduledLook } from '@slipway/action-kit';
import type { Release } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { stepsState } from '@slipway/testkit/releases';
import type { VerifyContext } from '../src/context.ts';
import { requireNextLook } from '../src/steps/next-look.ts';

const release = {
  ...{ number: 42, application: 'shop', formation: 'production' },
  steps: stepsState({ 'waiting-for': 'time', times: { due: '2026-11-30T13:00:00Z' } }),
} as unknown as Release;

function look(is: ScheduledLook, eventName = 'push') {
  const runner = fakeRunner({ context: { eventName } });
  return { runner, done: requireNextLook(release, { inputs: inputs(''), identity, runner }, async () => is) };
}

const identity = { application: 'shop' } as VerifyContext['identity'];

function inputs(application: string): VerifyContext['inputs'] {
  return { application, deployment: { token: 'ghs_1' } } as VerifyContext['inputs'];
}

describe('a release that waits for time', () => {
  it('is not a planned wait where nothing looks at it again, and says when it is due', async () => {
    const { done } = look({ is: 'missing', others: ['.github/workflows/web-progress.yml'] });
    await expect(done).rejects.toMatchObject({
      code: 'release-open',
      problems: [
        {
          message: expect.stringContaining(
            'waits for time, and no active workflow with a schedule looks at it again (.github/workflows/web-progress.yml: for other releases only)',
          ),
          remedy: expect.stringContaining('with "release: 42" at 2026-11-30T13:00:00Z or later'),
        },
      ],
    });
  });

  it('is one where a schedule looks at it, and the run of a schedule is that look', async () => {
    const { runner, done } = look({ is: 'there', path: 'a.yml' });
    await done;
    await look({ is: 'missing', others: [] }, 'schedule').done;
    expect(runner.log).toEqual([]);
  });

  it('is one with a warning where that is not known', async () => {
    const { runner, done } = look({ is: 'unknown', why: 'the step has no token for GitHub' });
    await done;
    expect(runner.log).toEqual([
      expect.stringMatching(/^warning: .*release 42 again: the step has no token/),
    ]);
  });

  it.each([
    ['', 'shop', 'slipway.yaml'],
    ['', '', undefined],
    ['shop', 'shop', undefined],
    ['apps/shop/slipway.yaml', 'shop', 'apps/shop/slipway.yaml'],
  ])('is looked for by the application %j, which the checkout calls %j', async (given, read, path) => {
    const asked: unknown[] = [];
    const own = { ...identity, application: read };
    await requireNextLook(
      release,
      { inputs: inputs(given), identity: own, runner: fakeRunner() },
      async (_, wanted) => {
        asked.push(wanted);
        return { is: 'there', path: 'a.yml' };
      },
    );
    expect(asked).toEqual([{ application: 'shop', formation: 'production', path }]);
  });
});
