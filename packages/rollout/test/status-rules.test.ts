import { describe, expect, it } from '@jest/globals';
import { type JsonObject, SlipwayError, type StatusRule } from '@slipway/core';
import { assess, type StatusRules } from '../src/status/assess.ts';
import { compileRules } from '../src/status/rules.ts';
import { emptyCluster, object } from './support/objects.ts';

function fares(apiVersion: string, kind: string, status: JsonObject, rules: StatusRules | undefined) {
  const live = object(apiVersion, kind, 'x', { generation: 3 }, { status });
  const { state, message, troubles } = assess(live, emptyCluster, rules);
  return { state, message, failsAfter: troubles[0]?.certainAfter };
}

async function ruled(rule: Partial<StatusRule>, status: JsonObject) {
  const whole = { group: 'acme.io', kind: 'Site', ready: 'false', ...rule };
  return fares('acme.io/v1', 'Site', status, await compileRules([whole]));
}

describe('a rule of the user', () => {
  it.each<[string, Partial<StatusRule>, JsonObject, object]>([
    ['says that it is ready', { ready: 'object.status.up == true' }, { up: true }, { state: 'ready' }],
    [
      'waits',
      { ready: 'object.status.up == true' },
      { up: false },
      { state: 'in-progress', failsAfter: undefined },
    ],
    [
      'says that it has failed',
      { failed: 'object.status.code == 7' },
      { code: 7 },
      { state: 'in-progress', failsAfter: 0 },
    ],
    [
      'says that it has failed after a while',
      { failed: 'object.status.code == 7', 'failed-after': '30s' },
      { code: 7 },
      { failsAfter: 30_000 },
    ],
    [
      'describes the status',
      { message: '"it is at " + string(object.status.percent) + "%"' },
      { percent: 40 },
      { message: 'it is at 40%' },
    ],
    [
      'is about the newest generation alone',
      { ready: 'true' },
      { observedGeneration: 2 },
      { state: 'in-progress', message: 'waiting for its controller to observe generation 3' },
    ],
    [
      'that cannot be evaluated is not a pass',
      { ready: 'object.status.up == true' },
      {},
      {
        state: 'in-progress',
        message: expect.stringMatching(/^its status rule "ready" cannot be evaluated: .*up/),
        failsAfter: Number.POSITIVE_INFINITY,
      },
    ],
    [
      'whose "failed" cannot be evaluated is not a pass either',
      { ready: 'true', failed: 'object.status.code == 7' },
      {},
      {
        state: 'in-progress',
        message: expect.stringMatching(/^its status rule "failed" cannot be evaluated/),
      },
    ],
    [
      'that returns a number is not a pass',
      { ready: '1 + 1' },
      {},
      { state: 'in-progress', message: expect.stringMatching(/"ready"/) },
    ],
    [
      'that costs too much is not a pass',
      { ready: 'object.status.l.all(a, object.status.l.all(b, object.status.l.all(c, a + b + c >= 0)))' },
      { l: Array.from({ length: 300 }, () => 1) },
      { state: 'in-progress', message: expect.stringMatching(/cost limit/) },
    ],
  ])('%s', async (_, rule, status, expected) => {
    expect(await ruled(rule, status)).toMatchObject(expected);
  });

  it('replaces what Slipway knows about a kind', async () => {
    const own = { group: 'argoproj.io', kind: 'Rollout', ready: 'true' };
    const rules = await compileRules([own]);
    expect(fares('argoproj.io/v1alpha1', 'Rollout', { phase: 'Degraded' }, rules).state).toBe('ready');
  });

  it('is refused with every problem', async () => {
    const wrong = [
      { group: 'acme.io', kind: 'Site', ready: 'object.', failed: 'nope(object)' },
      { group: 'apps', kind: 'Deployment', ready: 'true' },
    ];
    try {
      await compileRules(wrong);
      throw new Error('nothing was thrown');
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      expect(error.problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^the status rule of "acme.io\/Site" has an invalid expression in "ready": syntax error/,
        ),
        expect.stringMatching(
          /^the status rule of "acme.io\/Site" has an invalid expression in "failed": .*nope/,
        ),
        'the status rule of "apps/Deployment" is for a kind of Kubernetes itself',
      ]);
    }
  });
});
