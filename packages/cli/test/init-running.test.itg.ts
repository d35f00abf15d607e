import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_VERSION, type Snapshot, silentLogger } from '@slipway/core';
import { planOf, prepareRelease } from '@slipway/release';
import { readRenderedTree } from '@slipway/render';
import { watchRollout } from '@slipway/rollout';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { makeRepository, REPOSITORIES } from '@slipway/testkit/repositories';
import { runIn } from './support/copy.ts';

const run = promisify(execFile);
const NAMESPACE = 'init-running';

/** What each image runs as today, so that adopting changes nothing but owners. */
const SNAPSHOT: Snapshot = {
  apiVersion: API_VERSION,
  kind: 'Snapshot',
  application: 'shop',
  deploymentTag: 'v1',
  created: '2026-01-01T00:00:00Z',
  registry: 'registry.acme.example/shop',
  images: Object.fromEntries(
    ['api', 'web', 'postgres', 'redis'].map((name, index) => [
      name,
      {
        name: `registry.acme.example/shop/${name}`,
        digest: `sha256:${String(index).repeat(64)}`,
        origin: 'built' as const,
      },
    ]),
  ),
};

describe('slipway init on a k8s/ folder whose 17 objects run', () => {
  const testbed = useTestbed({ parts: ['cluster'] });
  const client = useClient(() => testbed.cluster.kubeconfig);
  const home = mkdtempSync(join(tmpdir(), 'slipway-init-running-'));
  const folder = join(home, 'shop');
  afterAll(() => rmSync(home, { recursive: true }));

  async function kubectl(...args: string[]): Promise<string> {
    const { kubectl: program, kubeconfig } = testbed.cluster;
    return (await run(program, ['--kubeconfig', kubeconfig, '--namespace', NAMESPACE, ...args])).stdout;
  }

  beforeAll(async () => {
    const found = REPOSITORIES.find(({ name }) => name === 'k8s-folder');
    if (found === undefined) throw new Error('no repository k8s-folder');
    cpSync(await makeRepository(found), folder, { recursive: true });
    await createNamespace(client, NAMESPACE);
    await kubectl('apply', '--filename', join(folder, 'k8s'));
    writeFileSync(join(folder, 'snapshot.json'), JSON.stringify(SNAPSHOT));
  }, 600_000);

  it('writes files with which all of them are adopted, and nothing but images and owners differs', async () => {
    expect((await runIn(folder, 'init', '--yes')).exitCode).toBe(0);
    const rendering = ['render', '--snapshot', 'snapshot.json', '--output', 'rendered'];
    expect((await runIn(folder, ...rendering)).printed).toContain('staging/main: 17 objects');
    const [tree] = await readRenderedTree(join(folder, 'rendered'));
    const objects = (tree?.objects ?? []).map(({ object }) => ({
      ...object,
      metadata: { ...object.metadata, namespace: NAMESPACE },
    }));
    const request = requestFor(NAMESPACE, objects, { adopt: true });
    const prepared = await prepareRelease({ client, request });
    expect(prepared.problems).toEqual([]);
    const { changes } = planOf(prepared);
    expect(changes.length).toBe(17);
    expect(changes.filter(({ action }) => action === 'prune' || action === 'replace')).toEqual([]);
    const fields = changes.flatMap(({ action, fields = [] }) =>
      action === 'change' ? fields.map(({ pointer }) => pointer) : [],
    );
    const isExpected = (path: string): boolean =>
      /^\/metadata\/(?:labels|annotations)/.test(path) || /\/(?:image|name|imagePullPolicy)$/.test(path);
    expect(fields.filter(path => !isExpected(path))).toEqual([]);
    const { release } = await deploy(client, request);
    expect(release.number).toBe(1);
    const { verdict, summary } = await watchRollout({
      ...{ client, objects: release.objects, stableFor: 1000, timeout: 60_000, logger: silentLogger },
      clock: () => new Date(),
      signal: new AbortController().signal,
    });
    expect([verdict, summary]).toEqual(['succeeded', expect.anything()]);
    expect(
      await kubectl(
        'get',
        'deployment',
        'web',
        '--output',
        'jsonpath={.spec.template.spec.containers[0].image}',
      ),
    ).toContain('/web@sha256:');
  });
});
