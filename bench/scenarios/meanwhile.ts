import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@slipway/kubernetes';
import { deployObjects } from '@slipway/testkit/releases';
import { type Scenario, type Stage, SUCCESS } from './scenario.ts';
import { type Containers, deployment, PROBE } from './workloads.ts';

const SOON = 2_000;
const RULE = `- group: example.com
  kind: Ferry
  ready: object.?status.?phase.orValue("") == "Afloat"
  failed: object.?status.?phase.orValue("") == "Sunk"`;

/** What others do while a release is being watched. */
export function meanwhileScenarios({ shell, serving }: Containers): readonly Scenario[] {
  const good = deployment(serving());
  const slow = deployment(shell('exec sleep 600', { readinessProbe: PROBE }));
  return [
    {
      name: 'custom resource that its status rule calls ready after 2 s',
      given: () => [ferries()],
      objects: [ferry()],
      meanwhile: stage => becomes(stage, 'Afloat'),
      inputs: { 'status-rules': RULE },
      verdict: 'succeeded',
      reason: SUCCESS,
    },
    {
      name: 'custom resource that its status rule calls failed after 2 s',
      given: () => [ferries()],
      objects: [ferry()],
      meanwhile: stage => becomes(stage, 'Sunk'),
      inputs: { 'status-rules': RULE },
      verdict: 'failed',
      reason: /Ferry/,
    },
    {
      name: 'a newer release comes after 2 s',
      objects: [slow],
      meanwhile: async ({ client, namespace }) => {
        await sleep(SOON);
        await deployObjects(client, { namespace }, [good]);
      },
      verdict: 'superseded',
      reason: /newer release/,
    },
    {
      name: 'it is deleted after 2 s',
      objects: [slow],
      meanwhile: async ({ client, namespace }) => {
        await sleep(SOON);
        await client.delete({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'shop' });
      },
      verdict: 'failed',
      reason: /deleted/,
    },
    {
      name: 'it is scaled from 1 to 3 after 8 s',
      objects: [good],
      meanwhile: async ({ client, namespace }) => {
        await sleep(4 * SOON);
        const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'shop' };
        await client.patch(reference, { spec: { replicas: 3 } });
      },
      verdict: 'succeeded',
      reason: SUCCESS,
    },
  ];
}

function ferries(): KubernetesObject {
  const names = { plural: 'ferries', singular: 'ferry', kind: 'Ferry' };
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const version = { name: 'v1', served: true, storage: true, schema };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'ferries.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions: [version] },
  };
}

function ferry(): KubernetesObject {
  const metadata = { name: 'shop' };
  return { apiVersion: 'example.com/v1', kind: 'Ferry', metadata, spec: { decks: 2 } };
}

/** What the controller of the custom resource would write. */
async function becomes({ client, namespace }: Stage, phase: string): Promise<void> {
  await sleep(SOON);
  const reference = { apiVersion: 'example.com/v1', kind: 'Ferry', namespace, name: 'shop' };
  await client.patch(reference, { status: { phase } });
}
