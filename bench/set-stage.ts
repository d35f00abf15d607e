import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { Scenario, Stage } from './scenarios/scenario.ts';

/** Makes the namespace of a scenario, and what is there before its release. */
export async function setStage({ client, namespace }: Stage, given: Scenario['given']): Promise<void> {
  const objects = given?.(namespace) ?? [];
  const own = objects.find(({ kind }) => kind === 'Namespace');
  await client.create(own ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const object of objects.filter(candidate => candidate !== own)) {
    const { namespaced } = await client.resource(object.apiVersion, object.kind);
    const placed = namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
    await client.create(placed).catch(unlessThere(placed));
    if (object.kind === 'CustomResourceDefinition') await served(client, object);
    if (object.apiVersion.startsWith('admissionregistration')) await sleep(ADMISSION_TAKES);
  }
}

/** Milliseconds until the API server heeds a new policy or webhook. */
const ADMISSION_TAKES = 3_000;

/** The API server takes a moment from the definition until it serves its objects. */
async function served(client: Stage['client'], { spec }: KubernetesObject): Promise<void> {
  const definition = spec as { group: string; names: { kind: string } };
  for (;;) {
    const kinds = await client
      .resource(`${definition.group}/v1`, definition.names.kind)
      .catch(() => undefined);
    if (kinds !== undefined) return;
    await sleep(200);
  }
}

/** What is beside all namespaces is shared by the scenarios that need it. */
function unlessThere(object: KubernetesObject) {
  return (error: unknown): void => {
    if (!(error instanceof SlipwayError) || error.code !== 'cluster-exists')
      throw new Error(`the scenario lacks its ${object.kind}`, { cause: error });
  };
}
