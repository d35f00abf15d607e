import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { SlipwayError, type Snapshot, silentLogger, type Verdict } from '@slipway/core';
import { openRegistryClient, pushSnapshot, pushVerdict, readRemoval } from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { close, deployObjects } from '@slipway/testkit/releases';
import { type DeliverySurroundings, destroyFormationOf, findReleased } from '../src/index.ts';
import { readKnown } from '../src/live/read-live.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry'] });
const client = useClient(() => testbed.cluster.kubeconfig);

const TARGET = { formation: 'staging', destination: 'main' };
const LATER = {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'later' } },
  spec: { ports: [{ port: 80 }] },
};

/** One release, verified, of a formation with a registry path of its own. */
async function released(name: string) {
  const namespace = await createNamespace(client, name);
  const home = { registry: `${testbed.registry.address}/${namespace}/shop`, application: 'shop' };
  const workspace = await mkdtemp(join(testbed.directory, 'removal-'));
  await mkdir(join(workspace, 'formations'));
  const head = (kind: string, of: string) =>
    `apiVersion: slipway.dev/v1\nkind: ${kind}\nmetadata: {name: ${of}}\nspec:\n`;
  const files = {
    'slipway.yaml': `${head('Application', 'shop')}  registry: ${home.registry}\n  services: {api: {image: docker.io/library/api:1}}\n`,
    'formations/staging.yaml': `${head('Formation', 'staging')}  destinations: {main: {namespace: ${namespace}}}\n`,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(workspace, path), text);
  const snapshot: Snapshot = {
    ...{
      apiVersion: 'slipway.dev/v1',
      kind: 'Snapshot',
      application: 'shop',
      deploymentTag: 'v1',
      images: {},
    },
    ...{ registry: home.registry, created: '2026-11-20T10:00:00Z', gitRevision: 'a'.repeat(40) },
  };
  const registry = await openRegistryClient({ environment: {} });
  await pushSnapshot(registry, snapshot);
  const objects = [configMap('settings', { level: 'one' }), LATER];
  const release = await close(client, await deployObjects(client, { namespace, snapshot }, objects));
  const verdict: Verdict = {
    ...{
      apiVersion: 'slipway.dev/v1',
      kind: 'Verdict',
      verdict: 'succeeded',
      application: 'shop',
      ...TARGET,
    },
    ...{
      namespace,
      deploymentTag: 'v1',
      release: 1,
      released: release.created,
      configRevision: 'b'.repeat(40),
    },
    ...{ started: release.created, finished: release.created, summary: 'ready', objects: [] },
  };
  await pushVerdict(registry, snapshot, verdict);
  const warnings: string[] = [];
  const surroundings = {
    ...{ workspace, environment: {}, clock: () => new Date(), signal: new AbortController().signal },
    ...{ run: { repository: 'acme/shop', actor: 'alice', url: '' }, mask: () => {} },
    logger: { ...silentLogger, warning: (text: string) => void warnings.push(text) },
    openCluster: async () => ({ ...client, close: () => {} }),
    openRegistry: async () => registry,
  } as unknown as DeliverySurroundings;
  const choice = {
    application: '',
    formation: 'staging',
    destinations: ['main'],
    namespace: '',
    context: '',
  };
  const request = { ...choice, confirm: 'shop/staging', reason: 'the trial is over', lockTimeout: 5_000 };
  const known = async () => {
    const { identity, checkout } = await findReleased(choice, surroundings);
    if (checkout === undefined) throw new Error('it is checked out');
    return await readKnown({ identity, checkout }, { registry: '' }, surroundings);
  };
  return { home, registry, release, surroundings, request, known, warnings };
}

/** A cluster that does not delete one object. */
function keeping(inner: ClusterClient, name: string): ClusterClient {
  return {
    ...inner,
    within: limit => keeping(inner.within(limit), name),
    delete: async (reference, options) => {
      if (reference.name === name) throw new SlipwayError({ code: 'cluster-refused', message: 'not today' });
      return await inner.delete(reference, options);
    },
  };
}

it('a removal is told to the registry with the release that was the newest', async () => {
  const { home, registry, release, surroundings, request, known } = await released('removal-whole');
  expect(await known()).toMatchObject({ state: 'known', release: 1, created: release.created });
  await destroyFormationOf(request, surroundings);
  const removal = await readRemoval(registry, home, TARGET);
  expect(removal).toMatchObject({ release: 1, released: release.created, by: 'alice' });
  expect(removal).not.toHaveProperty('incomplete');
  expect(await known()).toMatchObject({ state: 'none', removal: { by: 'alice' } });
});

it('a removal that stops half-way is told to the registry, so that nothing is taken for live', async () => {
  const { home, registry, release, surroundings, request, known } = await released('removal-half');
  const stopping = {
    ...surroundings,
    openCluster: async () => ({ ...keeping(client, 'settings'), close: () => {} }),
  };
  await expect(destroyFormationOf(request, stopping)).rejects.toThrow('not today');
  expect(await readRemoval(registry, home, TARGET)).toMatchObject({ release: 1, incomplete: true });
  expect(await known()).toMatchObject({
    ...{ state: 'unknown', release: 1, created: release.created },
    why: expect.stringMatching(/^"alice" removed it in part at /),
  });
  await destroyFormationOf(request, surroundings);
  expect(await known()).toMatchObject({ state: 'none' });
});

it('a removal without the file of the formation says that the registry is not told', async () => {
  const { home, registry, surroundings, request, warnings } = await released('removal-blind');
  const blind = { ...request, application: 'shop', destinations: [], namespace: 'removal-blind' };
  await destroyFormationOf(blind, surroundings);
  expect(warnings).toEqual([
    expect.stringContaining('The registry is not told that staging/main was removed, since this run'),
  ]);
  expect(await readRemoval(registry, home, TARGET)).toBeUndefined();
});
