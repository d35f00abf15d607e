import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type RolloutResult, watchRollout } from '@slipway/rollout';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { service, workload } from '@slipway/testkit/objects';
import { appliedObjects } from '../src/what/watched-objects.ts';

const cluster = useCluster({ nodes: 2 });
const client = useClient(() => cluster.kubeconfig);

const labelled = (object: KubernetesObject, namespace: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, namespace, labels: { team: 'shop' } },
});

/** The verdict on what a selector matches, with what happens once it has matched. */
async function verdictAfter(
  name: string,
  change: (web: KubernetesObject) => Promise<unknown>,
): Promise<RolloutResult> {
  const namespace = await createNamespace(client, `selected-${name}`);
  const objects = [workload('web'), service('web')].map(object => labelled(object, namespace));
  for (const object of objects) await client.create(object);
  const subject = { kind: 'selector', selector: 'team=shop' } as const;
  const selected = await appliedObjects(client, subject, { workspace: '/', namespace });
  for (const object of objects.slice(1)) await change(object);
  return await watchRollout({
    ...{ client, objects: selected.objects, stableFor: 0, timeout: 30_000 },
    ...{ clock: () => new Date(), signal: new AbortController().signal, logger: silentLogger },
  });
}

const remove = ({ apiVersion, kind, metadata }: KubernetesObject): Promise<void> =>
  client.delete({ apiVersion, kind, namespace: String(metadata['namespace']), name: metadata.name });

describe('what a selector matched', () => {
  it.concurrent('succeeds when it is ready', async () => {
    expect(await verdictAfter('ready', async () => {})).toMatchObject({ verdict: 'succeeded' });
  });

  it.concurrent('has failed at once when something of it was deleted', async () => {
    const { verdict, summary } = await verdictAfter('deleted', remove);
    expect([verdict, summary]).toEqual([
      'failed',
      expect.stringMatching(/Service .*web failed: it was deleted/),
    ]);
  });

  it.concurrent('has failed when something of it was replaced', async () => {
    const { verdict, summary } = await verdictAfter('replaced', async web => {
      await remove(web);
      await client.create(web);
    });
    expect([verdict, summary]).toEqual([
      'failed',
      expect.stringMatching(/it was replaced by another object/),
    ]);
  });
});
