import { describe, expect, it } from '@jest/globals';
import { type Release, SlipwayError } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { stepsState } from '@slipway/testkit/releases';
import { loginEnded } from '../src/steps/login-ended.ts';

const refused = new SlipwayError({
  code: 'cluster-unauthorized',
  message: 'reading Lease shop/lock: the API server does not accept the credentials',
  remedy: 'renew them',
});

type Steps = NonNullable<Release['steps']>;

const { 'waiting-for': _, ...state } = stepsState();
const release = (phase: Steps['phase'], changes: Partial<Release> = {}): Release =>
  ({
    number: 42,
    application: 'shop',
    formation: 'production',
    namespace: 'shop',
    manifests: [],
    objects: [],
    ...changes,
    steps: { ...state, phase },
  }) as unknown as Release;

async function said(open: Release, error: unknown = refused) {
  const runner = fakeRunner();
  const inputs = { deployment: { token: '' } } as never;
  const found = await loginEnded(error, open, { runner, inputs });
  return { runner, found, problem: found instanceof SlipwayError ? found.problems[0] : undefined };
}

describe('a login that ends while a release in steps is open', () => {
  it.each<[Steps['phase'], RegExp]>([
    ['baking', /: it goes on from there, or takes the release back/],
    ['waiting', /, and give the decision again: it goes on from there/],
    ['committing', /: it carries that to its end, and until then part of it may not be written/],
    ['undoing', /: it carries that to its end, and until then part of it may not be written/],
  ])('is an error of its own that says where the release is and what to do: %s', async (phase, what) => {
    const { runner, problem } = await said(release(phase));
    expect(problem).toMatchObject({
      code: 'login-ended',
      message: `release 42 is open at 50 % (${phase}), and the API server does not accept the login of this run any more: nothing was written since, and no run looks at it`,
      remedy: expect.stringMatching(what),
    });
    expect(problem?.remedy).toContain('"release: 42" and a login that is valid');
    expect(runner.outputs).toMatchObject({ verdict: 'open', release: '42', phase });
    expect(runner.summary).toContain('no run looks at the release');
  });

  it('is left to be what it is where the release is closed', async () => {
    const { phase: _phase, ...closed } = release('baking').steps as Steps;
    const { found, runner } = await said({ ...release('baking'), verdict: 'succeeded', steps: closed });
    expect([found, runner.outputs]).toEqual([refused, {}]);
  });

  it('is not taken for any other error', async () => {
    const other = new SlipwayError({ code: 'cluster-forbidden', message: 'x', remedy: 'y' });
    expect((await said(release('baking'), other)).found).toBe(other);
  });
});
