import { describe, expect, it } from '@jest/globals';
import type { PlannedChange } from '@slipway/core';
import { strictPlanProblems } from '../src/guard/strict-plan.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' };
const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'database' };

const messagesOf = (...changes: PlannedChange[]): readonly string[] =>
  strictPlanProblems({ plannedFrom: 4, changes }).map(({ message }) => message);

describe('strict-plan', () => {
  it('has nothing against a release that does what was approved', () => {
    expect(messagesOf()).toEqual([]);
  });

  it('names each object and each field that the plan does not have', () => {
    const fields = [{ pointer: '/spec/replicas', before: 4, after: 2 }, { pointer: '/spec/paused' }];
    expect(messagesOf({ object, action: 'change', fields }, { object: secret, action: 'prune' })).toEqual([
      'Deployment shop/api would change in /spec/replicas (4 -> 2), /spec/paused, which the plan that was approved does not have',
      'Secret shop/database would be removed, which the plan that was approved does not have',
    ]);
  });

  it('refuses what is not known', () => {
    const problems = strictPlanProblems({ plannedFrom: 4, unknown: 'no answer', changes: [] });
    expect(problems).toMatchObject([{ code: 'plan-unknown', message: expect.stringContaining('no answer') }]);
  });
});
