import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import { listReleases } from '@slipway/release';
import type { StepResult } from '@slipway/testbed/runner';
import { kubeconfigFor, until } from '@slipway/testkit/cluster';
import { admissionWebhook } from './admission-webhook.ts';
import { useOpenCluster } from './cluster.ts';
import { pauseEtcd, restartApiServer } from './control-plane.ts';
import { errorsOf } from './fixture.ts';
import { type Fate, interceptingProxy, type Passing } from './intercepting-proxy.ts';
import { configMap } from './kill-points.ts';
import { type PlainStep, runPlain } from './plain-step.ts';

const cluster = useOpenCluster();
const endings: (() => void)[] = [];

afterAll(() => {
  for (const end of endings) end();
});

const createNamespace = (name: string) =>
  cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

type Step = Partial<Omit<PlainStep, 'directory' | 'namespace'>>;

const run = (namespace: string, step: Step = {}): Promise<StepResult> =>
  runPlain({
    directory: cluster.testbed.directory,
    kubeconfig: cluster.kubeconfig,
    objects: maps('1'),
    ...step,
    namespace,
  });

const maps = (v: string) => ['a', 'b', 'c'].map(name => configMap(name, v));

/** Runs with interference. */
async function runThrough(
  namespace: string,
  decide: (passing: Passing) => Fate | Promise<Fate>,
  step: Step = {},
): Promise<StepResult> {
  const proxy = await interceptingProxy(cluster.kubeconfig, decide);
  try {
    return await run(namespace, { kubeconfig: proxy.kubeconfig, ...step });
  } finally {
    proxy.close();
  }
}

const valuesIn = async (namespace: string): Promise<unknown[]> => {
  const { items } = await cluster.client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  return items
    .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
    .map(object => valueAt(object, ['data', 'v']));
};

/** The verdicts of a namespace's releases, newest first, and how many locks there are. */
async function stateOf(namespace: string) {
  const { client } = cluster;
  const releases = await listReleases(client, { application: 'shop', formation: 'live', namespace });
  const leases = await client.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace });
  const locks = leases.items.filter(({ metadata }) => metadata.name !== 'slipway.shop.live.status');
  return { verdicts: releases.map(({ verdict }) => verdict), locks: locks.length };
}

const isObjectWrite = ({ isWrite, method }: Passing): boolean => isWrite && method === 'PATCH';

/** Acts at the first object that is written. */
const atFirstObject = (act: () => void | Promise<void>) => {
  let done = false;
  return async (passing: Passing): Promise<Fate> => {
    if (done || !isObjectWrite(passing) || !passing.url.includes('/configmaps/')) return 'pass';
    done = true;
    await act();
    return 'pass';
  };
};

describe('an API server', () => {
  it('that is busy, ill and breaks connections delays a release and does it no harm', async () => {
    await createNamespace('ill');
    const troubles: Fate[] = [
      { status: 429, message: 'too many requests', headers: { 'Retry-After': '1' } },
      { status: 503, message: 'apiserver is shutting down' },
      { status: 500, message: 'etcdserver: request timed out' },
      'lose',
      'break',
    ];
    let requests = 0;
    const met: Fate[] = [];
    const result = await runThrough('ill', ({ method }) => {
      requests += 1;
      if (requests % 3 !== 2 || method === 'POST') return 'pass';
      const fate = troubles[met.length % troubles.length] ?? 'pass';
      met.push(fate);
      return fate;
    });
    expect(errorsOf(result)).toEqual([]);
    expect(met.length).toBeGreaterThan(troubles.length);
    expect(await valuesIn('ill')).toEqual(['1', '1', '1']);
    expect(await stateOf('ill')).toEqual({ verdicts: [undefined], locks: 0 });
  });

  it('whose answer to a new record is lost has the record, which is found again', async () => {
    await createNamespace('lost');
    let lost = 0;
    const result = await runThrough('lost', ({ method, url }) => {
      if (method !== 'POST' || !url.includes('/secrets')) return 'pass';
      lost += 1;
      return 'lose';
    });
    expect(lost).toBe(1);
    expect(errorsOf(result)).toEqual([]);
    expect(await valuesIn('lost')).toEqual(['1', '1', '1']);
    expect(await stateOf('lost')).toEqual({ verdicts: [undefined], locks: 0 });
  });

  it('whose etcd stops for a while is waited for', async () => {
    await createNamespace('slow');
    const pause = () => pauseEtcd(cluster.testbed.directory, 3_000);
    expect(errorsOf(await runThrough('slow', atFirstObject(pause)))).toEqual([]);
    expect(await stateOf('slow')).toEqual({ verdicts: [undefined], locks: 0 });
  });
});

it('a token that expires in the middle of a release is renewed by the plugin that gave it', async () => {
  await createNamespace('token');
  const folder = await mkdtemp(join(cluster.testbed.directory, 'plugin-'));
  const script = `#!/bin/sh
echo x >> ${folder}/calls
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"token-%s"}}' "$(wc -l < ${folder}/calls | tr -d ' ')"
`;
  await writeFile(join(folder, 'get-token'), script);
  await chmod(join(folder, 'get-token'), 0o755);
  let valid = 'Bearer token-1';
  const proxy = await interceptingProxy(cluster.kubeconfig, passing => {
    if (isObjectWrite(passing)) valid = 'Bearer token-2';
    return passing.authorization === valid ? 'pass' : { status: 401, message: 'Unauthorized' };
  });
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'get-token',
    interactiveMode: 'Never',
  };
  const result = await run('token', {
    kubeconfig: kubeconfigFor(proxy.server, { exec }),
    job: { path: `${folder}:${process.env['PATH']}` },
  });
  proxy.close();
  expect(errorsOf(result)).toEqual([]);
  expect(await readFile(join(folder, 'calls'), 'utf8')).toBe('x\nx\n');
  expect(`${result.raw}${result.summary}`).not.toContain('token-');
});

describe('another writer', () => {
  it('that takes a field between plan and write is named, and loses nothing unless told so', async () => {
    await createNamespace('conflict');
    expect(errorsOf(await run('conflict'))).toEqual([]);
    const theirs = { ...configMap('a', 'theirs'), metadata: { name: 'a', namespace: 'conflict' } };
    const take = async (): Promise<void> => {
      await cluster.client.apply(theirs, { fieldManager: 'someone', force: true });
    };
    const result = await runThrough('conflict', atFirstObject(take), { objects: maps('2') });
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /ConfigMap conflict\/a: \.data\.v belongs to "someone"; leave the fields to them/,
      ),
    ]);
    expect(await valuesIn('conflict')).toContain('theirs');
    expect(await stateOf('conflict')).toEqual({ verdicts: ['failed', 'succeeded'], locks: 0 });
    const forced = await run('conflict', { objects: maps('2'), inputs: { 'force-conflicts': 'true' } });
    expect(errorsOf(forced)).toEqual([]);
    expect(await valuesIn('conflict')).toEqual(['2', '2', '2']);
  });

  it('that touches the record meanwhile does not keep it from being written', async () => {
    await createNamespace('touched');
    const record = { apiVersion: 'v1', kind: 'Secret', namespace: 'touched', name: 'slipway.shop.live.1' };
    let touched = 0;
    const result = await runThrough('touched', async ({ method, url }): Promise<Fate> => {
      if (method !== 'PUT' || !url.endsWith('/slipway.shop.live.1') || touched > 1) return 'pass';
      touched += 1;
      await cluster.client.patch(record, { metadata: { annotations: { touched: String(touched) } } });
      return 'pass';
    });
    expect(errorsOf(result)).toEqual([]);
    expect(touched).toBe(2);
  });
});

describe('a cluster that refuses', () => {
  it('by a webhook does so before the first write, in its own words', async () => {
    await createNamespace('denied');
    const end = await admissionWebhook(cluster.client, 'denied', () => 'no changes on Fridays');
    const result = await run('denied');
    await end();
    expect(errorsOf(result)).toHaveLength(3);
    expect(errorsOf(result)[0]).toMatch(/^all\.yaml:1:\d+: .*denied the request: no changes on Fridays/);
    expect(await stateOf('denied')).toEqual({ verdicts: [], locks: 0 });
  });

  it('by a webhook that lets every dry run through closes the release as failed, and the next one is whole', async () => {
    await createNamespace('sly');
    const end = await admissionWebhook(cluster.client, 'sly', ({ dryRun }) => (dryRun ? undefined : 'no'));
    const result = await run('sly');
    await end();
    expect(errorsOf(result)[0]).toMatch(/denied the request: no/);
    expect(await stateOf('sly')).toEqual({ verdicts: ['failed'], locks: 0 });
    expect(errorsOf(await run('sly'))).toEqual([]);
    expect(await valuesIn('sly')).toEqual(['1', '1', '1']);
  });

  it('by a quota that is used up on the way closes the release as failed, and the next one is whole', async () => {
    await createNamespace('quota');
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few', namespace: 'quota' } };
    const reference = { apiVersion: 'v1', kind: 'ResourceQuota', namespace: 'quota', name: 'few' };
    await cluster.client.create({ ...quota, spec: { hard: { 'count/configmaps': '2' } } });
    const isCounted = async () =>
      valueAt((await cluster.client.get(reference)) ?? {}, ['status', 'used', 'count/configmaps']) !==
      undefined;
    await until(isCounted);
    const result = await run('quota');
    expect(errorsOf(result)[0]).toMatch(/ConfigMap quota\/\w: .*exceeded quota: few/);
    expect(await stateOf('quota')).toEqual({ verdicts: ['failed'], locks: 0 });
    await cluster.client.delete(reference);
    expect(errorsOf(await run('quota'))).toEqual([]);
    expect(await valuesIn('quota')).toEqual(['1', '1', '1']);
  });

  it('because the namespace is about to go says so', async () => {
    await createNamespace('going');
    const held = configMap('held', '1');
    await cluster.client.create({
      ...held,
      metadata: { name: 'held', namespace: 'going', finalizers: ['example.org/hold'] },
    });
    await cluster.client.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'going' });
    const result = await run('going');
    expect(errorsOf(result)[0]).toMatch(/namespace "?going"? .*being (?:terminated|deleted)/);
    expect(result.exitCode).toBe(1);
    expect(await stateOf('going')).toEqual({ verdicts: [], locks: 0 });
  });
});

describe('what does not answer inside the cluster', () => {
  it('stops only what it is asked about, in less than a minute', async () => {
    await Promise.all([createNamespace('aggregated'), createNamespace('hanging')]);
    await cluster.client.create({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.down.example.org' },
      spec: {
        group: 'down.example.org',
        version: 'v1',
        groupPriorityMinimum: 1000,
        versionPriority: 10,
        insecureSkipTLSVerify: true,
        service: { namespace: 'default', name: 'nobody' },
      },
    });
    const end = await admissionWebhook(cluster.client, 'hanging', () => 'silence');
    const gadget = { apiVersion: 'down.example.org/v1', kind: 'Gadget', metadata: { name: 'g' } };
    const [without, withIt, hanging] = await Promise.all([
      run('aggregated'),
      run('aggregated', {
        objects: [configMap('other', '1'), gadget],
        inputs: { formation: 'other', mode: 'plan' },
      }),
      run('hanging'),
    ]);
    await end();
    expect(errorsOf(without)).toEqual([]);
    expect(errorsOf(withIt)).toEqual([
      expect.stringMatching(
        /^all\.yaml:3:\d+: Gadget .*g: the cluster's API "down\.example\.org\/v1" does not answer; look at its server: kubectl get apiservice v1\.down\.example\.org/,
      ),
    ]);
    expect(errorsOf(hanging)[0]).toMatch(/failed calling webhook "hanging\.example\.org"/);
    expect(await stateOf('hanging')).toEqual({ verdicts: [], locks: 0 });
  });
});

// Last, because some controllers take a while to recover from it.
describe('the whole API server', () => {
  it('is waited for when it is restarted in the middle of a release', async () => {
    await createNamespace('restarted');
    const restart = () => void endings.push(restartApiServer(cluster.testbed.directory));
    expect(errorsOf(await runThrough('restarted', atFirstObject(restart)))).toEqual([]);
    expect(await valuesIn('restarted')).toEqual(['1', '1', '1']);
    expect(await stateOf('restarted')).toEqual({ verdicts: [undefined], locks: 0 });
  });
});
