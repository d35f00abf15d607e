import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { createAll, policyWarnings, until } from '@slipway/testkit/cluster';
import { bad, documents, failing, good, NAMESPACE } from './support/rules.ts';

const cluster = useCluster();
const server = useApiServer(() => cluster.kubeconfig, NAMESPACE);

describe('converted rules on an API server', () => {
  beforeAll(async () => {
    const objects = documents.map(({ value }) => value as never as KubernetesObject);
    // All as warnings, so that one request tells all of them.
    for (const { kind, spec } of objects)
      if (kind.endsWith('Binding'))
        (spec as never as { validationActions: string[] }).validationActions = ['Warn'];
    await createAll(server, objects);
  });

  it.each([good, bad])('are taken, and say the same: $metadata.name', async object => {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments?dryRun=All`;
    const ask = async () => policyWarnings((await server.send('POST', path, object)).warnings);
    const own = [...new Set(await failing(object))].sort();
    await until(async () => (await ask()).length >= own.length);
    expect(await ask()).toEqual(own);
  });
});
