import { beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, silentLogger } from '@slipway/core';
import { pushBaseImages } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { requestFor } from '@slipway/testkit/releases';
import { readJobLogs } from '../src/apply/job-logs.ts';
import { applyRelease, type JobLog, prepareRelease } from '../src/index.ts';
import { clock, codesOf, never } from './fixture.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 0 });

const client = useClient(() => testbed.cluster.kubeconfig);
let image: string;

beforeAll(async () => {
  const { base } = await pushBaseImages(testbed.registry);
  image = base.name;
}, 900_000);

const migration = (script: string, env: JsonObject[] = []): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', annotations: { 'slipway.dev/order': '-1' } },
  spec: {
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'run', image, command: ['/bin/sh', '-c', script], env }],
      },
    },
  },
});

const service: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'late' },
  spec: { ports: [{ port: 80 }] },
};

async function apply(
  namespace: string,
  script: string,
  onJobLogs: (logs: readonly JobLog[]) => void,
  env: JsonObject[] = [],
) {
  const request = requestFor(namespace, [migration(script, env), service]);
  const prepared = await prepareRelease({ client, request });
  return await applyRelease({
    client,
    prepared,
    prepareAgain: async () => prepared,
    onRecorded: () => {},
    onJobLogs,
    lockTimeout: 5_000,
    timeout: 60_000,
    clock,
    signal: never,
    logger: silentLogger,
  });
}

describe('the log of a migration', () => {
  it.each([
    ['worked', 'echo 3 tables changed', [], '3 tables changed\n'],
    ['failed', 'echo no such column; exit 4', ['stage-failed'], 'no such column\n'],
  ])('is passed on when it %s', async (name, script, codes, text) => {
    const namespace = await createNamespace(client, `said-${name}`);
    const logs: JobLog[] = [];
    expect(await codesOf(apply(namespace, script, said => logs.push(...said)))).toEqual(codes);
    expect(logs).toEqual([{ job: 'migrate', container: 'run', text }]);
  });

  it('hides the values of every Secret that its pod uses, and what may hold one that was deleted', async () => {
    const namespace = await createNamespace(client, 'said-secrets');
    const metadata = { name: 'database', namespace };
    const stringData = { password: 'p@ss/w"rd-of-db', url: 'postgres://shop:p%40ss@db/shop' };
    await client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
    const env = Object.keys(stringData).map(key => ({
      name: key.toUpperCase(),
      valueFrom: { secretKeyRef: { name: 'database', key } },
    }));
    const script = 'echo with $PASSWORD; echo $URL; echo done';
    const logs: JobLog[] = [];
    await apply(namespace, script, said => logs.push(...said), env);
    expect(logs).toEqual([{ job: 'migrate', container: 'run', text: 'with ***\n***\ndone\n' }]);
    await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'database' });
    const { items } = await client.list({ apiVersion: 'batch/v1', kind: 'Job', namespace });
    const jobs = items.map(({ metadata: { name } }) => ({
      ...{ apiVersion: 'batch/v1', kind: 'Job', namespace, name, given: 'migrate', written: true },
    }));
    expect(await readJobLogs(client, jobs)).toEqual([
      expect.objectContaining({
        text: expect.stringMatching(/^not shown: its Secret "database" does not exist/),
      }),
    ]);
  });
});
