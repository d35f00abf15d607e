import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { asStored, KUBERNETES_VERSIONS } from '@slipway/policy';
import { diffFields } from '../src/objects/diff.ts';
import { mergeApplied } from '../src/objects/local-merge.ts';
import { withStoredLists } from '../src/objects/stored-lists.ts';

const object = (apiVersion: string, kind: string, body: JsonObject): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  ...body,
});

const rbac = 'rbac.authorization.k8s.io';
const roleRef = { apiGroup: rbac, kind: 'Role', name: 'r' };
const statefulSet = (claims: JsonObject[]): KubernetesObject =>
  object('apps/v1', 'StatefulSet', { spec: { volumeClaimTemplates: claims } });

/** What an API server answered, without what it adds outside of lists. */
const cases: Readonly<Record<string, readonly [applied: KubernetesObject, live: KubernetesObject]>> = {
  'subjects of a binding': [
    object(`${rbac}/v1`, 'RoleBinding', { roleRef, subjects: [{ kind: 'User', name: 'a' }] }),
    object(`${rbac}/v1`, 'RoleBinding', { roleRef, subjects: [{ apiGroup: rbac, kind: 'User', name: 'a' }] }),
  ],
  'ports of a rule of a NetworkPolicy': [
    object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { ingress: [{ ports: [{ port: 80 }] }] } }),
    object('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: { ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] },
    }),
  ],
  'claims of a StatefulSet': [
    statefulSet([{ metadata: { name: 'd' }, spec: { resources: { requests: { storage: '1024Mi' } } } }]),
    statefulSet([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'd' },
        spec: { resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem' },
        status: { phase: 'Pending' },
      },
    ]),
  ],
};

// Before 1.34 a server wrote creationTimestamp: null into claims.
describe.each(KUBERNETES_VERSIONS.slice(1))(
  'a list that is replaced as a whole, in Kubernetes %s',
  version => {
    it.each(Object.entries(cases))('keeps the defaults of its items: %s', (_name, [applied, live]) => {
      const body = withStoredLists(applied, asStored(applied, version));
      expect(diffFields(live, mergeApplied(body, live, 'slipway').object)).toEqual([]);
    });
  },
);

it('what is not a list, and an item of a list with keys, is as it was written', () => {
  const container = { name: 'a', image: 'a:1', ports: [{ containerPort: 80 }], args: ['x'] };
  const deployment = object('apps/v1', 'Deployment', {
    spec: { template: { spec: { containers: [container] } } },
  });
  expect(withStoredLists(deployment, asStored(deployment, '1.36'))).toEqual(deployment);
  const custom = object('acme.io/v1', 'Widget', { spec: { items: [{ a: 1 }] } });
  expect(withStoredLists(custom, asStored(custom, '1.36'))).toEqual(custom);
});
