import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { until } from '@slipway/testkit/cluster';
import { useOpenCluster } from './cluster.ts';
import { errorsOf } from './fixture.ts';
import { type Fate, interceptingProxy } from './intercepting-proxy.ts';
import { configMap } from './kill-points.ts';
import { runPlain } from './plain-step.ts';

const cluster = useOpenCluster();

const VERIFY = resolve(import.meta.dirname, '../../verify-rollout');

const reference = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', name });

const createNamespace = (name: string) =>
  cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

/** Deletes a namespace, and waits until it and everything in it is gone. */
async function loseNamespace(name: string): Promise<void> {
  await cluster.client.delete(reference(name));
  await until(async () => (await cluster.client.get(reference(name))) === undefined);
}

/** A Deployment that is never ready, and that what follows waits for. */
const stuck = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'stuck', annotations: { 'slipway.dev/order': '-1' } },
  spec: {
    selector: { matchLabels: { app: 'stuck' } },
    template: {
      metadata: { labels: { app: 'stuck' }, annotations: { 'testbed.slipway.dev/behaviour': 'never-ready' } },
      spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
    },
  },
};

const late = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'late' },
  spec: { ports: [{ port: 80 }] },
};

async function verify(namespace: string, release: string): Promise<StepResult> {
  const { directory } = cluster.testbed;
  const workspace = await mkdtemp(join(directory, 'verify-'));
  const job = createJob({ workspace, directory, path: process.env['PATH'] ?? '' });
  return await runStep(job, {
    action: VERIFY,
    inputs: {
      ...{ application: 'shop', formation: 'live', namespace, release },
      ...{ kubeconfig: cluster.kubeconfig, timeout: '10s' },
    },
  });
}

/** What a deploy, and verify-rollout after it, say of a namespace that is gone, and then of one that is there again. */
async function expectNoSuccess(namespace: string, deployed: StepResult): Promise<void> {
  expect(errorsOf(deployed)).toEqual([
    expect.stringMatching(new RegExp(`the namespace "${namespace}" (?:is being deleted|does not exist)`)),
  ]);
  expect(deployed.exitCode).toBe(1);
  expect(deployed.outputs['release']).toBe('1');
  expect(`${deployed.log}${deployed.summary}`).not.toMatch(/deployed|succeeded/i);
  const gone = await verify(namespace, '1');
  expect(errorsOf(gone)).toEqual([
    expect.stringMatching(new RegExp(`the namespace "${namespace}" (?:is being deleted|does not exist)`)),
  ]);
  expect(gone.exitCode).toBe(1);
  expect(gone.outputs['verdict']).not.toBe('succeeded');
  await createNamespace(namespace);
  const again = await verify(namespace, '1');
  expect(errorsOf(again)).toEqual([expect.stringContaining('has no release 1')]);
  expect(again.exitCode).toBe(1);
  expect(again.outputs['verdict']).not.toBe('succeeded');
}

describe('a namespace that is deleted while its release is written', () => {
  it('ends a deploy that waits for a stage', async () => {
    const namespace = 'lost-waiting';
    await createNamespace(namespace);
    let losing: Promise<void> | undefined;
    const deployed = await runPlain({
      ...{ directory: cluster.testbed.directory, kubeconfig: cluster.kubeconfig, namespace },
      objects: [configMap('first', '1'), stuck, late],
      onLine(line) {
        if (line.includes('Deployment stuck: ')) losing ??= loseNamespace(namespace);
      },
    });
    await losing;
    expect(losing).toBeDefined();
    await expectNoSuccess(namespace, deployed);
  });

  it.each(['first', 'slipway.shop.live.1'])('ends a deploy that is about to write %s', async name => {
    const namespace = `lost-at-${name.replaceAll('.', '-')}`;
    await createNamespace(namespace);
    let isRecorded = false;
    let isLost = false;
    const proxy = await interceptingProxy(
      cluster.kubeconfig,
      async ({ method, url, isWrite }): Promise<Fate> => {
        // The first write of the record creates it.
        const isMeant = isWrite && new URL(url, 'http://localhost').pathname.endsWith(`/${name}`);
        isRecorded ||= method === 'POST' && url.includes('/secrets');
        if (isMeant && isRecorded && !isLost) {
          isLost = true;
          await loseNamespace(namespace);
        }
        return 'pass';
      },
    );
    const deployed = await runPlain({
      ...{ directory: cluster.testbed.directory, kubeconfig: proxy.kubeconfig, namespace },
      objects: [configMap('first', '1'), configMap('second', '1')],
    });
    proxy.close();
    expect(isLost).toBe(true);
    await expectNoSuccess(namespace, deployed);
  });
});
