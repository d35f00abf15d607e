import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, valueAt } from '@slipway/core';
import { type KubernetesObject, objectsAt } from '@slipway/kubernetes';
import { connect, openApiServer, until } from '@slipway/testkit/cluster';
import { deployment } from '@slipway/testkit/objects';
import type { RolloutOptions, RolloutResult, WatchedObject } from '../src/index.ts';
import { type BreakableConnection, breakableConnection } from './support/breakable-connection.ts';
import { applyTo, useLiveCluster, watch } from './support/live-cluster.ts';
import { restartApiServer } from './support/restart-api-server.ts';

const live = useLiveCluster();
let way: BreakableConnection;
let shaky: ClusterClient;

beforeAll(async () => {
  way = await breakableConnection(live.cluster.kubeconfig);
  shaky = await connect(way.kubeconfig);
});

afterAll(async () => {
  shaky?.close();
  way?.close();
});

/** @returns the verdict that a watch comes to; the watch is at work, as it has seen an object */
async function startWatch(
  client: ClusterClient,
  objects: readonly WatchedObject[],
  options: Partial<RolloutOptions> = {},
): Promise<{ readonly verdict: Promise<RolloutResult> }> {
  const seen = Promise.withResolvers<void>();
  const verdict = watch(client, objects, { ...options, onChange: () => seen.resolve() });
  await Promise.race([seen.promise, verdict]);
  return { verdict };
}

/** Waits until a pod of the namespace whose name begins so has crashed. */
const untilCrashed = (name: string): Promise<void> =>
  until(async () => {
    const { items } = await live.client.list({ apiVersion: 'v1', kind: 'Pod', namespace: live.namespace });
    const pods = items.filter(({ metadata }) => metadata.name.startsWith(name));
    return pods.some(pod => JSON.stringify(pod['status']).includes('CrashLoopBackOff'));
  });

describe('the verdict', () => {
  it('is the same when watches are cut again and again', async () => {
    const objects = await live.apply(deployment('cut', { behaviour: 'slow' }));
    const cutting = setInterval(() => way.cut(), 700);
    const result = await watch(shaky, objects);
    clearInterval(cutting);
    expect([result.verdict, result.summary]).toEqual(['succeeded', expect.any(String)]);
  });

  it('waits for an API server that is away, and is right about what happened meanwhile', async () => {
    const objects = await live.apply(deployment('away', { behaviour: 'crash-loop', delay: 2 }));
    const { verdict } = await startWatch(shaky, objects);
    way.break();
    await untilCrashed('away');
    way.restore();
    expect((await verdict).verdict).toBe('failed');
  });

  it('does not succeed on what was true before the connection broke', async () => {
    const objects = await live.apply(deployment('stale', { replicas: 1 }));
    await live.watch(objects, { stableFor: 0 });
    const { verdict } = await startWatch(shaky, objects, { stableFor: 3_000, timeout: 5_000 });
    way.break();
    expect((await verdict).verdict).toBe('timed-out');
    way.restore();
  });

  it('is given up with the reason when the run is cancelled', async () => {
    const objects = await live.apply(deployment('cancelled', { behaviour: 'slow' }));
    const cancellation = new AbortController();
    const { verdict } = await startWatch(live.client, objects, { signal: cancellation.signal });
    cancellation.abort(new Error('cancelled'));
    await expect(verdict).rejects.toThrow('cancelled');
  });
});

describe('credentials that end during the wait', () => {
  /** The token of an account that may do everything, until the account is removed. */
  const account = async (name: string): Promise<string> => {
    const metadata = { name, namespace: 'shop' };
    await live.client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    const group = 'rbac.authorization.k8s.io';
    await live.client.create({
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    });
    const args = [`--kubeconfig=${live.cluster.kubeconfig}`, '-n', 'shop', 'create', 'token', name];
    return (await promisify(execFile)(live.cluster.kubectl, args)).stdout.trim();
  };
  const remove = (name: string) =>
    live.client.delete({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name });
  /** @returns the path of a kubeconfig with these credentials */
  const withUser = (user: string): string => {
    const text = readFileSync(way.kubeconfig, 'utf8');
    const path = join(mkdtempSync(join(tmpdir(), 'slipway-token-')), 'kubeconfig');
    writeFileSync(path, text.replace(/client-certificate-data:.*\n\s+client-key-data:.*/, user), {
      mode: 0o600,
    });
    return path;
  };
  /** The API server remembers for 10 s whom a token belongs to, and asks again with the next connection only. */
  const untilRefused = async (token: string): Promise<void> => {
    const server = openApiServer(withUser(`token: ${token}`));
    await until(async () => (await server.send('GET', '/api/v1/namespaces/shop')).status === 401);
    server.stop();
  };

  it('are reported in one sentence where nothing else is wrong, and do not succeed', async () => {
    const token = await account('short');
    const client = await connect(withUser(`token: ${token}`));
    const objects = await live.apply(deployment('lapsed', { replicas: 1 }));
    const watching = await startWatch(client, objects, { stableFor: 16_000, timeout: 4_000 });
    await remove('short');
    await untilRefused(token);
    way.cut();
    const result = await watching.verdict;
    client.close();
    expect([result.verdict, result.summary]).toEqual([
      'timed-out',
      expect.stringMatching(/^the cluster could no longer be watched.*does not accept the credentials/),
    ]);
  });

  it('make no difference where a new token is in their file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'slipway-token-')), 'token');
    const token = await account('first');
    writeFileSync(file, token);
    const client = await connect(withUser(`tokenFile: ${file}`));
    const objects = await live.apply(deployment('renewed', { behaviour: 'slow', delay: 14 }));
    const { verdict } = await startWatch(client, objects);
    writeFileSync(file, await account('second'));
    await remove('first');
    await untilRefused(token);
    way.cut();
    expect((await verdict).verdict).toBe('succeeded');
    client.close();
  });
});

describe('what else may happen', () => {
  it.each([-10, 10])(
    'the verdicts are the same where the clock of the runner is %i min off',
    async minutes => {
      const clock = () => new Date(Date.now() + minutes * 60_000);
      const since = clock();
      const name = minutes < 0 ? 'behind' : 'ahead';
      const [good, bad] = await Promise.all([
        live.apply(deployment(`${name}-good`)),
        live.apply(deployment(`${name}-bad`, { behaviour: 'crash-loop' })),
      ]);
      const results = await Promise.all([
        live.watch(good, { clock, since }),
        live.watch(bad, { clock, since }),
      ]);
      expect(results.map(({ verdict }) => verdict)).toEqual(['succeeded', 'failed']);
      expect(results[1]?.objects[0]?.evidence?.map(({ title }) => title)).toContainEqual(
        expect.stringMatching(/^Events of Pod /),
      );
    },
  );

  it('a pod that is evicted and stays is replaced, and does not fail the release', async () => {
    const objects = await live.apply(deployment('evicted'));
    const watching = live.watch(objects, { stableFor: 6_000, timeout: 20_000 });
    const pods = { apiVersion: 'v1', kind: 'Pod', namespace: live.namespace, labelSelector: 'app=evicted' };
    const isReady = (pod: KubernetesObject): boolean =>
      objectsAt(pod, 'status', 'conditions').some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      );
    let victim: KubernetesObject | undefined;
    await until(async () => {
      victim = (await live.client.list(pods)).items.find(isReady);
      return victim !== undefined;
    });
    const patch = {
      status: { phase: 'Failed', reason: 'Evicted', conditions: [{ type: 'Ready', status: 'False' }] },
    };
    const { kubectl, kubeconfig } = live.cluster;
    const how = ['patch', 'pod', String(victim?.metadata.name), '-n', live.namespace, '--subresource=status'];
    await promisify(execFile)(kubectl, [...how, '-p', JSON.stringify(patch)], {
      env: { KUBECONFIG: kubeconfig, HOME: '/nowhere' },
    });
    const { verdict, objects: seen } = await watching;
    expect([verdict, seen[0]?.message]).toEqual(['succeeded', '2 of 2 replicas are ready']);
    const phases = (await live.client.list(pods)).items.map(pod => valueAt(pod, ['status', 'phase']));
    expect(phases.toSorted()).toEqual(['Failed', 'Running', 'Running']);
  });

  it('a namespace that is deleted meanwhile fails what is in it', async () => {
    await live.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'doomed' } });
    const object = await applyTo(live.client, 'doomed', deployment('inside', { behaviour: 'slow' }));
    const { verdict } = await startWatch(live.client, [object]);
    await live.client.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'doomed' });
    const result = await verdict;
    expect([result.verdict, result.summary]).toEqual(['failed', expect.stringMatching(/deleted/)]);
  });
});

describe('rights that are missing', () => {
  const grant = async (user: string, rules: readonly JsonObject[]): Promise<ClusterClient> => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: user, namespace: 'shop' },
    };
    const binding = { ...role, kind: 'RoleBinding' };
    await live.client.create({ ...role, rules });
    await live.client.create({
      ...binding,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user },
      subjects: [{ kind: 'User', name: user }],
    });
    return connect(await live.cluster.userKubeconfig(user, []));
  };
  const read = (apiGroups: readonly string[], resources: readonly string[]): JsonObject => ({
    apiGroups,
    resources,
    verbs: ['get', 'list', 'watch'],
  });

  it('to the objects of the release are an error, and no verdict', async () => {
    const objects = await live.apply(deployment('unseen'));
    const stranger = await connect(await live.cluster.userKubeconfig('jane', []));
    await expect(watch(stranger, objects)).rejects.toMatchObject({ code: 'cluster-forbidden' });
    stranger.close();
  });

  it('to watch the objects of the release are an error that names the right, well before the time is over', async () => {
    const rule = { ...read(['apps'], ['deployments']), verbs: ['get', 'list'] };
    const lister = await grant('jill', [
      rule,
      read(['apps'], ['replicasets']),
      read([''], ['pods', 'events']),
    ]);
    const objects = await live.apply(deployment('unwatched'));
    await expect(watch(lister, objects, { timeout: 3_600_000 })).rejects.toMatchObject({
      code: 'cluster-forbidden',
      message: expect.stringMatching(/"jill" cannot watch resource "deployments"/),
    });
    lister.close();
  });

  it('to watch what only explains leave the verdict right', async () => {
    const rule = { ...read([''], ['pods', 'events']), verbs: ['get', 'list'] };
    const lister = await grant('june', [rule, read(['apps'], ['deployments', 'replicasets'])]);
    const objects = await live.apply(deployment('unexplained'));
    expect((await watch(lister, objects)).verdict).toBe('succeeded');
    lister.close();
  });

  it('to logs, events and Secrets leave the verdict right and say what is not shown', async () => {
    const limited = await grant('joe', [
      read(['apps'], ['deployments', 'replicasets']),
      read([''], ['pods']),
    ]);
    const secretName = { valueFrom: { secretKeyRef: { name: 'password', key: 'password', optional: true } } };
    const container = { env: [{ name: 'PASSWORD', ...secretName }] };
    const objects = await live.apply(deployment('limited', { behaviour: 'crash-loop', container }));
    const result = await watch(limited, objects);
    limited.close();
    expect(result.verdict).toBe('failed');
    const lines = result.objects[0]?.evidence?.flatMap(evidence => evidence.lines);
    expect(lines).toContainEqual(expect.stringContaining('its Secrets cannot be read'));
    expect(lines).toContainEqual(expect.stringContaining('they cannot be read with these credentials'));
  });
});

// The last, since the controllers take their time to find it again.
describe('an API server that is killed and started again', () => {
  let restarted: ChildProcess | undefined;

  afterAll(() => void restarted?.kill('SIGKILL'));

  it('leaves the verdict right', async () => {
    const objects = await live.apply(deployment('restarted', { behaviour: 'slow' }));
    const { verdict } = await startWatch(live.client, objects, { timeout: 60_000 });
    restarted = restartApiServer(live.cluster.server);
    expect((await verdict).verdict).toBe('succeeded');
  });
});
