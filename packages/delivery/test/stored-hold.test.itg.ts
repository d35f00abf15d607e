import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type Hold, SlipwayError, silentLogger } from '@slipway/core';
import { openRegistryClient, pushHold, readStoredHold } from '@slipway/registry';
import { closeRelease, liftHold, readHold, setHold } from '@slipway/release';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, type ReleaseChanges, requestFor } from '@slipway/testkit/releases';
import {
  type DeliverySurroundings,
  holdFormation,
  liftHoldOf,
  listKeptReleases,
  rollBack,
} from '../src/index.ts';

const NO_GCP = {
  provider: '',
  serviceAccount: '',
  identity: undefined,
  endpoint: undefined,
};
const NO_AZURE = { client: undefined, identity: undefined };
const NO_AWS = { roles: [], identity: undefined, endpoint: undefined };

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

const ROLLBACK = {
  secrets: {
    allowances: [],
    values: {},
    settings: {
      env: {},
      sops: undefined,
      vault: undefined,
      ...{ aws: NO_AWS, 'aws-ssm': NO_AWS, gcp: NO_GCP },
      ...{ azure: NO_AZURE, 'azure-certificate': NO_AZURE },
    },
  },
  ...{ to: '', forceConflicts: false, reason: 'it fails', timeout: 20_000, lockTimeout: 20_000 },
  ...{ policies: [], packs: [], waivers: [], crds: [] },
};
const LISTENER = { onFound: () => {}, onSecrets: () => {}, onRecorded: () => {} };

async function releaseOf(namespace: string, level: string, changes: ReleaseChanges = {}): Promise<void> {
  const request = requestFor(namespace, [configMap('settings', { level })], changes);
  const { release } = await deploy(client, request);
  await closeRelease(client, release, 'succeeded', clock);
}

async function twoReleases(namespace: string): Promise<void> {
  for (const level of ['one', 'two']) await releaseOf(namespace, level);
}

/** A cluster in which `meanwhile` happens once, before the first object of a release is written. */
function whereFirst(meanwhile: () => Promise<void>): ClusterClient {
  let isDone = false;
  const around = (inner: ClusterClient): ClusterClient => ({
    ...inner,
    close: () => {},
    within: limit => around(inner.within(limit)),
    async apply(object, options) {
      if (!isDone && object.kind === 'ConfigMap' && options.dryRun !== true) {
        isDone = true;
        await meanwhile();
      }
      return await inner.apply(object, options);
    },
  });
  return around(client);
}

describe('the hold that the registry keeps', () => {
  it('is there after a rollback that failed once it was recorded', async () => {
    const { home, registry, stop, surroundings, request } = await promoted('stored-failed');
    await twoReleases('stored-failed');
    const failing = rollBack({ ...request, ...ROLLBACK }, surroundings, {
      ...LISTENER,
      onRecorded: () => stop.abort(),
    });
    await expect(failing).rejects.toBeDefined();
    expect(await readStoredHold(registry, home, TARGET)).toMatchObject({ by: 'alice', reason: 'it fails' });
  });

  it('is the one that another run sets while a rollback writes', async () => {
    const namespace = 'stored-replaced';
    const { home, registry, surroundings, request } = await promoted(namespace);
    await twoReleases(namespace);
    const audit: Hold = { by: 'bob', reason: 'audit', since: clock().toISOString() };
    const cluster = whereFirst(async () => {
      await setHold(client, requestFor(namespace, []).identity, audit);
      await pushHold(registry, home, TARGET, audit);
    });
    await rollBack(
      { ...request, ...ROLLBACK },
      { ...surroundings, openCluster: async () => cluster },
      LISTENER,
    );
    expect(await readStoredHold(registry, home, TARGET)).toEqual(audit);
  });

  it('stays lifted where it is lifted while a rollback writes', async () => {
    const namespace = 'stored-lifted';
    const { home, registry, surroundings, request } = await promoted(namespace);
    await twoReleases(namespace);
    const cluster = whereFirst(async () => {
      await liftHold(client, requestFor(namespace, []).identity);
      await pushHold(registry, home, TARGET, undefined);
    });
    await rollBack(
      { ...request, ...ROLLBACK },
      { ...surroundings, openCluster: async () => cluster },
      LISTENER,
    );
    expect(await readStoredHold(registry, home, TARGET)).toBeUndefined();
  });

  it('is there, and the rollback ends, although what it takes back cannot be told', async () => {
    const namespace = 'stored-untold';
    const { home, registry, warnings, surroundings, request } = await promoted(namespace);
    for (const level of ['one', 'two'])
      await releaseOf(namespace, level, {
        configRevision: level === 'one' ? '1'.repeat(40) : '2'.repeat(40),
      });
    const takenBack = () => Promise.reject(new Error('the history is broken'));
    const commits = { ...surroundings.commits, takenBack };
    const restored = await rollBack({ ...request, ...ROLLBACK }, { ...surroundings, commits }, LISTENER);
    expect(restored.restores).toBe(1);
    expect(await readStoredHold(registry, home, TARGET)).toMatchObject({ by: 'alice' });
    expect(warnings).toEqual([expect.stringMatching(/^What release 3 takes back is not known: .*history/)]);
  });

  it('is named by the hold that replaces it', async () => {
    const { home, registry, surroundings, request } = await promoted('stored-named');
    const audit: Hold = { by: 'bob', reason: 'audit', since: clock().toISOString() };
    await pushHold(registry, home, TARGET, audit);
    const { before } = await holdFormation({ ...request, reason: 'a freeze' }, surroundings);
    expect(before).toEqual({ state: 'held', hold: audit });
  });

  it('does not keep the cluster from being held where the registry cannot be opened', async () => {
    const namespace = 'stored-closed';
    const { surroundings, request, warnings } = await promoted(namespace);
    const { identity } = requestFor(namespace, []);
    const seen: string[] = [];
    const openRegistry = async () => {
      seen.push((await readHold(client, identity, clock())).state);
      throw new SlipwayError({ code: 'registry-login', message: 'no login', remedy: 'log in' });
    };
    const { hold } = await holdFormation(
      { ...request, reason: 'a freeze' },
      { ...surroundings, openRegistry },
    );
    expect(seen).toEqual(['held', 'held']);
    expect(await readHold(client, identity, clock())).toEqual({ state: 'held', hold });
    expect(warnings).toEqual([expect.stringMatching(/^The hold is in the cluster only, .*no login/)]);
  });

  it('is listed where the cluster has no release, and not where it has one', async () => {
    const { surroundings, request, registry, home } = await promoted('stored-listed');
    const audit = { by: 'bob', reason: 'an audit', since: clock().toISOString() };
    await pushHold(registry, home, TARGET, audit);
    const listed = async () => await listKeptReleases({ ...request, from: '', to: '' }, surroundings);
    expect(await listed()).toMatchObject([{ releases: [], hold: { state: 'held', hold: audit } }]);
    await releaseOf('stored-listed', 'one');
    expect(await listed()).toMatchObject([{ releases: [{ number: 1 }], hold: { state: 'none' } }]);
  });

  it('is not asked for by a hold where the cluster has a release', async () => {
    const { surroundings, request, registry, home } = await promoted('stored-stale');
    await releaseOf('stored-stale', 'one');
    const lifted = { by: 'bob', reason: 'lifted in the cluster since', since: clock().toISOString() };
    await pushHold(registry, home, TARGET, lifted);
    const { before } = await holdFormation({ ...request, reason: 'a freeze' }, surroundings);
    expect(before).toEqual({ state: 'none' });
  });

  it('is not known without the file of the formation, which setting and lifting one says', async () => {
    const { surroundings, request, warnings } = await promoted('stored-unknown');
    await releaseOf('stored-unknown', 'one');
    const named = { ...request, application: 'shop' };
    await holdFormation({ ...named, reason: 'a freeze' }, surroundings);
    await liftHoldOf(named, surroundings);
    const sentence = (end: string) =>
      expect.stringMatching(
        new RegExp(`^Whether the registry keeps the hold of staging/main too is not known, .*: ${end}`),
      );
    expect(warnings).toEqual([
      sentence('the hold is set in the cluster only'),
      sentence('a hold is lifted in the cluster only'),
    ]);
  });
});

it('a rollback tells what it takes back from the release that it undoes, although that came after the one it found', async () => {
  const namespace = 'told-later';
  const { surroundings, request } = await promoted(namespace);
  const revised = (level: string, digit: string) =>
    releaseOf(namespace, level, { configRevision: digit.repeat(40) });
  await revised('one', '1');
  await revised('two', '2');
  const said: string[] = [];
  const logger = { ...silentLogger, info: (text: string) => said.push(text) };
  const openCluster = async (): Promise<ClusterClient> => ({
    ...client,
    close: () => {},
    async create(object) {
      if (object.metadata.name.endsWith('.hold')) await revised('three', '3');
      return await client.create(object);
    },
  });
  await rollBack({ ...request, ...ROLLBACK }, { ...surroundings, logger, openCluster }, LISTENER);
  expect(said.filter(text => text.includes('stencils'))).toEqual([
    expect.stringMatching(/^Release 1 has other stencils and config than release 3: /),
  ]);
});
