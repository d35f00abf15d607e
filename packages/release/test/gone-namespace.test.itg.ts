import { expect, it } from '@jest/globals';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { listReleases, readRelease } from '../src/index.ts';
import { codesOf } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

it('a record that is lost with its namespace is not reported as a release that was never deployed', async () => {
  const namespace = await createNamespace(client, 'gone');
  const owner = { application: 'shop', formation: 'staging', namespace };
  await deploy(client, requestFor(namespace, [configMap('settings', { level: 'info' })]));
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  await until(async () => (await listReleases(client, owner)).length === 0);
  const [code] = await codesOf(readRelease(client, owner, 1));
  expect(['namespace-missing', 'namespace-terminating']).toContain(code);
});
