import type { ClusterClient } from '@slipway/cluster';
import { until } from '@slipway/testkit/cluster';
import { LISTS_DEFINITION } from './random-lists.ts';

/** Defines the kind with lists, and waits until the server serves it and describes it, which it does a moment later. */
export async function defineLists(client: ClusterClient): Promise<void> {
  await client.create(LISTS_DEFINITION);
  await until(() => isServed(client));
}

async function isServed(client: ClusterClient): Promise<boolean> {
  const { group, names } = LISTS_DEFINITION['spec'] as unknown as { group: string; names: { kind: string } };
  const resource = await client.resource(`${group}/v1`, names.kind).catch(() => undefined);
  if (resource === undefined) return false;
  return JSON.stringify((await client.openApi(`${group}/v1`)) ?? {}).includes(`"${names.kind}"`);
}
