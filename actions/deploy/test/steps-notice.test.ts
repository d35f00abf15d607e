import { describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { stepsState } from '@slipway/testkit/releases';
import { showRelease } from '../src/modes/apply.ts';
import { type Known, type Shown, showDeployment } from '../src/tell/show-deployment.ts';
import { stepsNotice } from '../src/tell/show-steps.ts';

const copy = (name: string) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-next`, copyOf: name, written: true },
});
const release = (changes: Partial<Release> = {}) =>
  ({ number: 7, objects: [copy('api'), copy('web')], ...changes }) as Release;
/** As a run has begun it, or as it was open already. */
const begun = (release: Release): Shown<Release> => ({ release, known: { release, logs: [] } });
const same = (release: Release): Shown<Release> => ({ release, known: { logs: [] } });
const steps = stepsState({ phase: 'starting', target: { sizes: { api: 2, web: 0 } } });

describe('the notice of a release in steps', () => {
  it('says that no user gets it yet', () => {
    expect(stepsNotice(begun(release({ steps })))).toBe(
      'Release 7 goes in steps and has begun: beside stable there is api-next (2 pods), and no user gets it until verify-rollout runs',
    );
  });

  it('says where it is, once it is open and is deployed again', () => {
    expect(stepsNotice(same(release({ steps: stepsState() })))).toMatch(
      /^Nothing was written, as it is open already: release 7 goes in steps: step 2 of 2, at 50 %, waiting for commit/,
    );
  });

  it('is not said of an ordinary release, nor of one that is closed', () => {
    expect(stepsNotice(begun(release()))).toBeUndefined();
    expect(stepsNotice(begun(release({ steps, verdict: 'rolled-back' })))).toBeUndefined();
  });
});

describe('the same manifests as those of the open release', () => {
  const open = release({
    ...{ application: 'shop', formation: 'live', namespace: 'shop', steps },
    ...{ created: '2026-11-30T12:00:00Z', reason: '' },
  });

  it('are not said to be written, also before a user has them', async () => {
    const runner = fakeRunner();
    showRelease(await showDeployment(runner, async () => open), runner);
    expect([...runner.log, runner.summary].join('\n')).not.toMatch(/objects? written/);
    expect(runner.annotations).toMatchObject([
      {
        message: expect.stringMatching(
          /^Nothing was written, as it is open already: release 7 goes in steps/,
        ),
      },
    ]);
    expect(runner.outputs).toEqual({ release: '7' });
  });

  it('are, where this run has begun them', async () => {
    const runner = fakeRunner();
    const write = async (known: Known): Promise<Release> => {
      known.release = open;
      return open;
    };
    showRelease(await showDeployment(runner, write), runner);
    expect(runner.log).toEqual(['Release 7 of shop/live: 2 of 2 objects written']);
    expect(runner.summary).toContain('2 of 2 objects written');
  });
});
