import { describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { homeCommands } from '@slipway/steps';
import { stepsState } from '@slipway/testkit/releases';
import { openSummary } from '../src/tell/open-summary.ts';

const release = (changes: Parameters<typeof stepsState>[0] = {}): Release =>
  ({
    ...{ number: 42, application: 'shop', formation: 'production', namespace: 'shop-eu' },
    steps: stepsState({
      stable: { release: 41, workloads: [{ name: 'api', uid: 'a', template: 'sha256:b' }] },
      held: [
        { apiVersion: 'v1', kind: 'Service', name: 'api' },
        { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'api' },
      ],
      ...changes,
    }),
  }) as unknown as Release;

describe('the summary of a release that a run leaves open', () => {
  const text = openSummary(release(), 'step 2 has passed');

  it('says that it is not a success yet, where it is, and until when', () => {
    expect(text).toContain('Release 42 of shop/production is open and waits for commit');
    expect(text).toContain('It is not a success yet: release 42 goes in steps: step 2 of 2, at 50 %');
    expect(text).toContain('when it is undone; all others have release 41');
    expect(text).toContain('Why: step 2 has passed.');
    expect(openSummary(release(), 'it waits for commit')).not.toContain('Why:');
  });

  it('has the commands that take users off it: Services first, and then the pods', () => {
    expect(homeCommands(release())).toEqual([
      `kubectl --namespace shop-eu patch service api --type merge --patch '{"spec":{"selector":{"slipway.dev/track":"stable"}}}'`,
      'kubectl --namespace shop-eu delete deployment api-next',
    ]);
    expect(text).toContain('kubectl --namespace shop-eu delete deployment api-next');
  });

  it('has no such command while stable has no Ready pod', () => {
    const broken = openSummary(release({ 'waiting-for': 'stable' }), 'stable has no Ready pod');
    for (const summary of [broken, openSummary(release(), 'x', 'stable')]) {
      expect(summary).not.toContain('kubectl');
      expect(summary).toContain('bring stable back');
    }
  });

  it('is empty once it is closed', () => {
    expect(openSummary({ ...release(), verdict: 'succeeded' }, 'x')).toBe('');
  });
});
