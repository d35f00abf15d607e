import { describe, expect, test } from '@jest/globals';
import type { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { compareMerged } from '../src/plan/compare-merged.ts';
import type { CompareContext } from '../src/plan/compared.ts';

/** As `kubectl apply` without --server-side leaves a Service: its entry owns the defaults too. */
const LIVE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'web',
    namespace: 'shop',
    managedFields: [
      {
        manager: 'kubectl-client-side-apply',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:ports': {
              '.': {},
              'k:{"port":80,"protocol":"TCP"}': {
                '.': {},
                'f:port': {},
                'f:protocol': {},
                'f:targetPort': {},
              },
            },
            'f:selector': {},
            'f:sessionAffinity': {},
            'f:type': {},
          },
        },
      },
    ],
  },
  spec: {
    clusterIP: '10.0.0.7',
    ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
    selector: { app: 'web' },
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
};

async function adopted(spec: KubernetesObject['spec'], live = LIVE) {
  const manifest: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec,
  };
  const context = {
    client: { kubernetesVersion: '1.34', get: () => Promise.resolve(live) },
    request: {
      adopt: true,
      forceConflicts: false,
      identity: { application: 'shop', formation: 'staging', namespace: 'shop' },
    },
    set: 'set',
    replicas: new Map(),
    descriptions: new Map(),
  } as unknown as CompareContext;
  const problems: SlipwayError['problems'][number][] = [];
  const { fields } = await compareMerged(context, manifest, () => manifest, undefined, problems);
  return { fields, problems };
}

describe('a plan without a dry run that adopts an object', () => {
  const selector = { app: 'web' };

  test('removes no default that the server would set again', async () => {
    const { fields, problems } = await adopted({ selector, ports: [{ port: 80, targetPort: 8080 }] });
    expect([fields, problems]).toEqual([[], []]);
  });

  test('says what is removed or changed', async () => {
    const spec = { ...(LIVE.spec as object), sessionAffinity: 'ClientIP' };
    const { fields } = await adopted({ selector, ports: [{ port: 80 }] }, { ...LIVE, spec });
    const pointers = fields?.map(({ pointer }) => pointer).sort();
    expect(pointers).toEqual(['/spec/ports/0/targetPort', '/spec/sessionAffinity']);
  });
});
