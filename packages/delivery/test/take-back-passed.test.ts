import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type Logger, type Release, SlipwayError } from '@slipway/core';
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
async function said(where: Found, restored = release(3, 'v1', 2)): Promise<readonly string[]> {
  const warnings: string[] = [];
  await takeBackPassed(where, { before: UNDONE, restored }, {} as ClusterClient, {
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
