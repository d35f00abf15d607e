import { expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { codesOf } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const GROUP = 'former.example';

const definition = (...versions: readonly string[]): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `gadgets.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { kind: 'Gadget', plural: 'gadgets', singular: 'gadget' },
    versions: versions.map((name, index) => ({
      name,
      served: true,
      storage: index === 0,
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    })),
  },
});

const gadget = (version: string, name: string): JsonObject => ({
  apiVersion: `${GROUP}/${version}`,
  kind: 'Gadget',
  metadata: { name },
  spec: { size: 1 },
});

it('a custom resource of someone else is not taken over by a version that comes with the release', async () => {
  const namespace = await createNamespace(client, 'former-version');
  const allow = { 'cluster-scoped': ['CustomResourceDefinition'] };
  const first = [definition('v1'), gadget('v1', 'ours')];
  await deploy(client, requestFor(namespace, first, { allow }));
  const stranger = { ...gadget('v1', 'theirs'), metadata: { name: 'theirs', namespace } };
  await client.apply(stranger as unknown as KubernetesObject, { fieldManager: 'helm' });
  const both = (...names: readonly string[]) => [
    definition('v1', 'v2'),
    ...names.map(name => gadget('v2', name)),
  ];
  expect(await codesOf(deploy(client, requestFor(namespace, both('ours', 'theirs'), { allow })))).toEqual([
    'object-foreign',
  ]);
  expect(await codesOf(deploy(client, requestFor(namespace, both('ours'), { allow })))).toEqual([]);
});
