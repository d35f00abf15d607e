import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type Release, type Snapshot, silentLogger, type Verdict } from '@slipway/core';
import {
  openRegistryClient,
  pushSnapshot,
  type RegistryClient,
  readPassed,
  readVerdict,
} from '@slipway/registry';
import { undoRelease } from '@slipway/release';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { close, deployObjects } from '@slipway/testkit/releases';
import type { VerifyContext } from '../src/context.ts';
import { pushToRegistry } from '../src/end/push-verdict.ts';
import { makeVerdict } from '../src/tell/verdict.ts';
import { watchAgain } from './watch-again.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry'] });
const client = useClient(() => testbed.cluster.kubeconfig);

let registry: RegistryClient;
beforeAll(async () => {
  registry = await openRegistryClient({ environment: {} });
});

const identity = { application: 'shop', formation: 'staging', destination: 'main' };

function contextFor(namespace: string, warnings: string[] = []): VerifyContext {
  return {
    inputs: { plainHttpRegistries: [], recordKeys: undefined },
    identity: { ...identity, namespace },
    runner: {
      environment: {},
      signal: new AbortController().signal,
      logger: { ...silentLogger, warning: (text: string) => void warnings.push(text) },
    },
  } as unknown as VerifyContext;
}

async function deployed(namespace: string, deploymentTag: string): Promise<Release & { snapshot: Snapshot }> {
  const snapshot: Snapshot = {
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag, images: {} },
    registry: `${testbed.registry.address}/${namespace}/shop`,
    ...{ created: `2026-11-20T1${deploymentTag.at(-1)}:00:00Z`, gitRevision: 'a'.repeat(40) },
  };
  await pushSnapshot(registry, snapshot);
  const objects = [configMap('settings', { level: deploymentTag })];
  const release = await deployObjects(client, { namespace, snapshot }, objects);
  return { ...(await close(client, release)), snapshot };
}

function rollBack(release: Release): Promise<Release> {
  return undoRelease({
    ...{ client, release, repository: 'acme/shop', actor: 'alice', run: '', reason: 'it loses orders' },
    ...{ lockTimeout: 5_000, timeout: 5_000, clock: () => new Date(), logger: silentLogger },
    signal: new AbortController().signal,
  });
}

async function verdictOf(release: Release): Promise<Verdict> {
  const result = await watchAgain(client, release);
  const { verdict, summary } = result;
  const place = { ...contextFor(release.namespace).identity };
  return makeVerdict(place, release, result, { verdict, summary });
}

const target = { formation: 'staging', destination: 'main' };
const UNDONE = 'but release 3 put release 1 back in the meantime: it loses orders';

/** The rollback comes once the lists of records were asked for as often as this. */
function rollingBackAfter(lists: number, release: Release): ClusterClient {
  let left = lists;
  return {
    ...client,
    listMetadata: async (...query) => {
      left -= 1;
      if (left === -1) await rollBack(release);
      return await client.listMetadata(...query);
    },
  };
}

async function twoReleases(name: string) {
  const namespace = await createNamespace(client, name);
  const first = await deployed(namespace, 'v1');
  await pushToRegistry(client, await verdictOf(first), first, contextFor(namespace));
  const second = await deployed(namespace, 'v2');
  return { namespace, first, second, reached: await verdictOf(second) };
}

describe('a release that succeeded and is rolled back by hand', () => {
  it.each([
    ['before its verdict is pushed', 0],
    ['while its verdict is pushed', 1],
  ])('%s has not passed in the registry', async (when, lists) => {
    const { namespace, first, second, reached } = await twoReleases(`meanwhile-${lists}`);
    expect([when, reached.verdict]).toEqual([when, 'succeeded']);
    const ended = await pushToRegistry(
      rollingBackAfter(lists, second),
      reached,
      second,
      contextFor(namespace),
    );
    const expected = { verdict: 'rolled-back', summary: expect.stringContaining(UNDONE) };
    expect(ended).toMatchObject(expected);
    expect(await readVerdict(registry, second.snapshot, 'v2', target)).toMatchObject(expected);
    expect((await readPassed(registry, first.snapshot, target))?.deploymentTag).toBe('v1');
  });

  it('is not pushed as a success where it is not known whether it was', async () => {
    const { namespace, first, second, reached } = await twoReleases('meanwhile-unknown');
    const warnings: string[] = [];
    const later = { ...second, number: 3, restores: 1, rollbackOf: 2 };
    const broken: ClusterClient = {
      ...client,
      get: async reference =>
        reference.name.endsWith('.3')
          ? { ...configMap('x', {}), ...{ type: 'other' } }
          : client.get(reference),
      listMetadata: async (...query) => {
        const found = await client.listMetadata(...query);
        const [one] = found.items;
        if (one === undefined) return found;
        const name = one.metadata.name.replace(/\d+$/, String(later.number));
        return { ...found, items: [...found.items, { ...one, metadata: { ...one.metadata, name } }] };
      },
    };
    const ended = await pushToRegistry(broken, reached, second, contextFor(namespace, warnings));
    expect(ended.verdict).toBe('succeeded');
    expect(warnings).toEqual([
      expect.stringContaining('it is not known whether release 2 was rolled back meanwhile'),
    ]);
    expect(await readVerdict(registry, second.snapshot, 'v2', target)).toBeUndefined();
    expect((await readPassed(registry, first.snapshot, target))?.deploymentTag).toBe('v1');
  });
});
