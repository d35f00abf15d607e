import { expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { KubernetesObject } from '@slipway/kubernetes';
import { fenceProblems } from '../src/spawned/fence.ts';

const NETWORK = { podSelector: {}, policyTypes: ['Egress'], egress: [] };

/** A namespace with a fence, of which this is the LimitRange. */
const client = (limits: object[]): ClusterClient => {
  const items: Readonly<Record<string, object[]>> = {
    ResourceQuota: [{}],
    LimitRange: [{ spec: { limits } }],
    NetworkPolicy: [{ metadata: { name: 'previews' }, spec: NETWORK }],
  };
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return {
    list: async ({ kind }: { kind: string }) => ({ items: items[kind] }),
    get: async (): Promise<KubernetesObject> => ({
      ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'previews', labels } },
    }),
  } as unknown as ClusterClient;
};

const lacking = async (...limits: object[]): Promise<string[]> =>
  (await fenceProblems(client(limits), 'previews', { form: 'shared' })).map(({ message }) => message);

it('a LimitRange keeps containers in by a min above 0 of CPU and memory', async () => {
  const min = { cpu: '1m', memory: '1Mi' };
  expect(await lacking({ type: 'Container', min })).toEqual([]);
  expect(await lacking({ type: 'Pod', max: { cpu: '1' } }, { type: 'Container', min })).toEqual([]);
  for (const other of [
    { type: 'Container', default: { cpu: '1', memory: '256Mi' } },
    { type: 'Container', min: { cpu: '1m' } },
    { type: 'Container', min: { ...min, cpu: '0' } },
    { type: 'Container', min: { ...min, memory: '0' } },
    { type: 'Pod', min },
  ])
    expect([other, await lacking(other)]).toEqual([
      other,
      [
        'the namespace "previews" of the instances lacks a LimitRange with a min above 0 of cpu and memory for containers',
      ],
    ]);
});
