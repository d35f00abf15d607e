import { describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { stepsState } from '@slipway/testkit/releases';
import { stepsNotice } from '../src/tell/show-steps.ts';

const copy = (name: string) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-next`, copyOf: name, written: true },
});
const release = (changes: Partial<Release> = {}) =>
  ({ number: 7, objects: [copy('api'), copy('web')], ...changes }) as Release;
const steps = stepsState({ phase: 'starting', target: { sizes: { api: 2, web: 0 } } });

describe('the notice of a release in steps', () => {
  it('says that no user gets it yet', () => {
    expect(stepsNotice(release({ steps }))).toBe(
      'Release 7 goes in steps and has begun: beside stable there is api-next (2 pods), and no user gets it until verify-rollout runs',
    );
  });

  it('says where it is, once it is open and is deployed again', () => {
    expect(stepsNotice(release({ steps: stepsState() }))).toMatch(
      /^Nothing was written, as it is open already: release 7 goes in steps: step 2 of 2, at 50 %, waiting for commit/,
    );
  });

  it('is not said of an ordinary release, nor of one that is closed', () => {
    expect(stepsNotice(release())).toBeUndefined();
    expect(stepsNotice(release({ steps, verdict: 'rolled-back' }))).toBeUndefined();
  });
});
