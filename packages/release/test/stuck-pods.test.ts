import { expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, type Release, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { unstickPods } from '../src/apply/stuck-pods.ts';
import { never } from './fixture.ts';

const set: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'shop', uid: 'set', generation: 2 },
  spec: { selector: { matchLabels: { app: 'db' } } },
  status: { observedGeneration: 2, updateRevision: 'good' },
};

function pod(name: string, revision: string, isReady: boolean, metadata: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      resourceVersion: '1',
      labels: { app: 'db', 'controller-revision-hash': revision },
      ownerReferences: [{ uid: 'set', controller: true }],
      ...metadata,
    },
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  };
}

it('only pods of another revision that the set controls and that are not ready are deleted', async () => {
  const pods = [
    pod('good', 'good', false),
    pod('stuck', 'bad', false),
    pod('leaving', 'bad', false, { deletionTimestamp: '2026-11-29T00:00:00Z' }),
    pod('foreign', 'bad', false, { ownerReferences: [{ uid: 'another', controller: true }] }),
  ];
  const deleted: string[] = [];
  const client = {
    get: async () => set,
    list: async () => ({ items: pods.filter(({ metadata }) => !deleted.includes(metadata.name)) }),
    delete: async ({ name }: { readonly name: string }) => void deleted.push(name),
  } as unknown as ClusterClient;
  const { apiVersion, kind, metadata } = set;
  const objects = [{ apiVersion, kind, namespace: 'shop', name: metadata.name, written: true }];
  const release = { namespace: 'shop', objects } as unknown as Release;
  await unstickPods({ client, release, clock: () => new Date(), signal: never, logger: silentLogger });
  expect(deleted).toEqual(['stuck']);
});
