import { describe, expect, it } from '@jest/globals';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { decideReplicas, type ReplicaFacts } from '../src/plan/decide-replicas.ts';

const api = (replicas?: number): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', namespace: 'shop' },
  spec: replicas === undefined ? {} : { replicas },
});

const facts = (restores?: number): ReplicaFacts => ({
  found: { paths: new Map([[keyOf(api()), ['spec', 'replicas']]]), autoscalers: [], unknown: new Set() },
  request: {
    identity: { application: 'shop', formation: 'live', namespace: 'shop', repository: 'acme/shop' },
    ...{ allow: {}, prune: 'after-success', restores },
  },
  previous: undefined,
  leaving: [],
});

describe('the live replicas of a workload without an autoscaler', () => {
  it.each([
    ['stay in a rollback that says no number', undefined, 1, true],
    ['do not stay in a rollback that says one', 3, 1, false],
    ['do not stay in a deploy that says none, if no release before said none', undefined, undefined, false],
  ])('%s', (_, said, restores, stays) => {
    expect(decideReplicas([api(said)], facts(restores)).get(keyOf(api()))).toMatchObject({ stays });
  });
});
