import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { type ApiServer, createAll, openApiServer, policyWarnings, until } from '@slipway/testkit/cluster';
import { bad, documents, failing, good, NAMESPACE } from './support/rules.ts';

describe('converted rules on an API server', () => {
  let testbed: Testbed;
  let server: ApiServer;

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['cluster'] });
    server = openApiServer(testbed.cluster?.kubeconfig ?? '');
    const objects = documents.map(({ value }) => value as never as KubernetesObject);
    // All as warnings, so that one request tells all of them.
    for (const { kind, spec } of objects)
      if (kind.endsWith('Binding'))
        (spec as never as { validationActions: string[] }).validationActions = ['Warn'];
    await createAll(server, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
      ...objects,
    ]);
  }, 600_000);

  afterAll(async () => {
    server.stop();
    await testbed.stop();
  });

  it.each([good, bad])('are taken, and say the same: $metadata.name', async object => {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments?dryRun=All`;
    const ask = async () => policyWarnings((await server.send('POST', path, object)).warnings);
    const own = [...new Set(await failing(object))].sort();
    await until(async () => (await ask()).length >= own.length);
    expect(await ask()).toEqual(own);
  });
});
