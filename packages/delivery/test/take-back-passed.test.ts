import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type Logger, type Release, SlipwayError, stringifyJson } from '@slipway/core';
import { RECORD_TYPE, VERDICT } from '@slipway/kubernetes';
import { takeBackPassed } from '../src/modes/take-back-passed.ts';

type Found = Parameters<typeof takeBackPassed>[0];

const release = (number: number, deploymentTag: string, rollbackOf?: number): Release =>
  ({ number, destination: 'eu', rollbackOf, snapshot: { deploymentTag } }) as unknown as Release;
const UNDONE = release(2, 'v2');

const found = (spec: object, others: readonly object[] = []): Found =>
  ({
    identity: { formation: 'staging', destination: 'eu' },
    checkout: {
      formation: { spec },
      repository: { formations: new Map(others.map((other, index) => [String(index), { spec: other }])) },
    },
  }) as unknown as Found;

/** What is said where the registry refuses. */
async function said(
  where: Found,
  restored = release(3, 'v1', 2),
  before = UNDONE,
  client = {} as ClusterClient,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  await takeBackPassed(where, { before, restored }, client, {
    logger: { info() {}, warning: (text: string) => void warnings.push(text) } as unknown as Logger,
    openRegistry: async () => {
      throw new SlipwayError({ code: 'registry-denied', message: 'the login may not push' });
    },
  });
  return warnings;
}

const WARNING =
  'The registry may still say that "v2" passed at staging/eu, so that a promotion or a later wave of it is not refused; hold those destinations too: the login may not push';

describe('that a snapshot passed where it was rolled back by hand', () => {
  it.each<[string, Found]>([
    ['a later wave', found({ waves: [['eu'], ['us']] })],
    ['a promotion', found({}, [{ 'promoted-from': 'staging' }])],
    ['what is not known without a checkout', { ...found({}), checkout: undefined }],
  ])('may still be said for %s where the registry refuses, with a warning', async (_, where) => {
    expect(await said(where)).toEqual([WARNING]);
  });

  it('is asked for only where something depends on it, and where other content was restored', async () => {
    expect(await said(found({}, [{ 'promoted-from': 'qa' }]))).toEqual([]);
    expect(await said(found({ waves: [['eu'], ['us']] }), release(3, 'v2', 2))).toEqual([]);
  });
});

/** A cluster with these records, and nothing else. */
function clusterWith(releases: readonly Release[]): ClusterClient {
  const records = releases.map(one => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type: RECORD_TYPE },
    metadata: {
      name: `slipway.shop.staging.${one.number}`,
      namespace: 'shop',
      labels: { [VERDICT]: 'failed' },
    },
    data: { release: gzipSync(stringifyJson(one)).toString('base64') },
  }));
  return {
    listMetadata: async () => ({ items: records }),
    get: async ({ name }: { readonly name: string }) =>
      records.find(({ metadata }) => metadata.name === name),
  } as unknown as ClusterClient;
}

const recorded = (number: number): Release =>
  ({
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Release', application: 'shop', formation: 'staging' },
    ...{
      number,
      namespace: 'shop',
      destination: 'eu',
      verdict: 'failed',
      created: '2026-11-20T10:00:00Z',
      reason: '',
    },
    ...{
      deploymentTag: `v${number}`,
      manifests: [],
      seals: [],
      objects: [],
      pending: [],
      jobs: {},
      prune: 'off',
      allow: {},
    },
    snapshot: {
      ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag: `v${number}` },
      ...{ registry: 'registry.example/shop', gitRevision: 'a'.repeat(40), images: {} },
      created: '2026-11-20T09:00:00Z',
    },
  }) as unknown as Release;

describe('a rollback by hand before which another deploy gave way', () => {
  const [first, second, third] = [recorded(1), recorded(2), recorded(3)];
  const restored = { ...first, number: 4, restores: 1, rollbackOf: 3 };

  it.each([
    ['the release that was to be rolled back, and the newest', second, [third, second], ['v2', 'v3']],
    ['what is still recorded', second, [second], ['v2']],
    ['nothing of what is written again', first, [third, first], ['v3']],
  ])('takes back that it passed: %s', async (_, before, kept, expected) => {
    const warnings = await said(found({ waves: [['eu'], ['us']] }), restored, before, clusterWith(kept));
    expect(warnings.map(text => /that "(\w+)" passed/.exec(text)?.[1] ?? text)).toEqual(expected);
  });

  it('says that it does not know of a record that is broken', async () => {
    const client = clusterWith([{ ...third, namespace: 'other' }]);
    expect(await said(found({ waves: [['eu'], ['us']] }), restored, second, client)).toEqual([
      expect.stringContaining(
        'Whether the registry says that release 3 passed, which is rolled back, is not known: ',
      ),
      WARNING,
    ]);
  });
});
