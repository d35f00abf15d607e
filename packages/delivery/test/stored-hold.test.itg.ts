import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Hold, silentLogger } from '@slipway/core';
import { openRegistryClient, pushHold, readStoredHold } from '@slipway/registry';
import { closeRelease } from '@slipway/release';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { type DeliverySurroundings, holdFormation, liftHoldOf, rollBack } from '../src/index.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry'] });
const client = useClient(() => testbed.cluster.kubeconfig);
const clock = (): Date => new Date();
const TARGET = { formation: 'staging', destination: 'main' };
const REQUEST = {
  application: '',
  formation: 'staging',
  destinations: ['main'],
  context: '',
  until: undefined,
};

/** Formations that are promoted, of an application of its own: `namespace` is also the path in the registry. */
async function promoted(namespace: string) {
  await createNamespace(client, namespace);
  const home = { registry: `${testbed.registry.address}/${namespace}/shop`, application: 'shop' };
  const workspace = await mkdtemp(join(testbed.directory, 'promoted-'));
  await mkdir(join(workspace, 'formations'));
  const head = (kind: string, name: string) =>
    `apiVersion: slipway.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n`;
  const files = {
    'slipway.yaml': `${head('Application', 'shop')}  registry: ${home.registry}\n  services: {api: {image: docker.io/library/api:1}}\n`,
    'formations/qa.yaml': `${head('Formation', 'qa')}  destinations: {main: {namespace: qa}}\n`,
    'formations/staging.yaml': `${head('Formation', 'staging')}  promoted-from: qa\n  destinations: {main: {namespace: ${namespace}}}\n`,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(workspace, path), text);
  const registry = await openRegistryClient({ environment: {} });
  const warnings: string[] = [];
  const stop = new AbortController();
  const surroundings = {
    ...{ workspace, environment: {}, clock, signal: stop.signal, mask: () => {} },
    run: { repository: 'acme/shop', actor: 'alice', url: '' },
    logger: { ...silentLogger, warning: (text: string) => warnings.push(text) },
    openCluster: async () => ({ ...client, close: () => {} }),
    openRegistry: async () => registry,
    commits: {
      head: async () => undefined,
      isContained: async () => undefined,
      takenBack: async () => undefined,
      shared: () => ({ isContained: async () => undefined, takenBack: async () => undefined }),
    },
  } as unknown as DeliverySurroundings;
  return { home, registry, warnings, stop, surroundings, request: { ...REQUEST, namespace } };
}

async function twoReleases(namespace: string): Promise<void> {
  for (const level of ['one', 'two']) {
    const { release } = await deploy(client, requestFor(namespace, [configMap('settings', { level })]));
    await closeRelease(client, release, 'succeeded', clock);
  }
}

describe('the hold that the registry keeps', () => {
  it('is there after a rollback that failed once it was recorded', async () => {
    const { home, registry, stop, surroundings, request } = await promoted('stored-failed');
    await twoReleases('stored-failed');
    const rollback = {
      to: '',
      forceConflicts: false,
      secrets: {
        allowances: [],
        values: {},
        settings: { env: undefined, sops: undefined, vault: undefined },
      },
      reason: 'it fails',
      timeout: 20_000,
      lockTimeout: 20_000,
    };
    const failing = rollBack(
      { ...request, ...rollback, policies: [], packs: [], waivers: [], crds: [] },
      surroundings,
      {
        onFound: () => {},
        onSecrets: () => {},
        onRecorded: () => stop.abort(),
      },
    );
    await expect(failing).rejects.toBeDefined();
    expect(await readStoredHold(registry, home, TARGET)).toMatchObject({ by: 'alice', reason: 'it fails' });
  });

  it('is named by the hold that replaces it', async () => {
    const { home, registry, surroundings, request } = await promoted('stored-named');
    const audit: Hold = { by: 'bob', reason: 'audit', since: clock().toISOString() };
    await pushHold(registry, home, TARGET, audit);
    const { before } = await holdFormation({ ...request, reason: 'a freeze' }, surroundings);
    expect(before).toEqual({ state: 'held', hold: audit });
  });

  it('is not known without the file of the formation, which setting and lifting one says', async () => {
    const { surroundings, request, warnings } = await promoted('stored-unknown');
    const named = { ...request, application: 'shop' };
    await holdFormation({ ...named, reason: 'a freeze' }, surroundings);
    await liftHoldOf(named, surroundings);
    const sentence = expect.stringMatching(
      /^Whether the registry keeps the hold of staging\/main too is not known/,
    );
    expect(warnings).toEqual([sentence, sentence]);
  });
});
