import { describe, expect, it } from '@jest/globals';
import type { Release, Snapshot } from '@slipway/core';
import { areUnjudged, continuedSentence, isOfTree } from '../src/guard/continued.ts';
import type { FoundLive } from '../src/live/read-live.ts';

const snapshot = { deploymentTag: 'v7' } as Snapshot;
const TREE = { digest: 'sha256:a', snapshot };
const RELEASE = { digest: 'sha256:a', deploymentTag: 'v7' };

describe('a release of the same tree', () => {
  it('has its digest and its snapshot', () => {
    expect(isOfTree(TREE, RELEASE)).toBe(true);
  });

  it.each([
    ['of another digest', TREE, { ...RELEASE, digest: 'sha256:b' }],
    ['of another snapshot', TREE, { ...RELEASE, deploymentTag: 'v8' }],
    ['that restores one', TREE, { ...RELEASE, restores: 40 }],
    ['that undoes one', TREE, { ...RELEASE, rollbackOf: 41 }],
    ['of plain manifests', { snapshot: undefined }, {}],
  ])('is not one %s', (_, tree, release) => {
    expect(isOfTree(tree, release)).toBe(false);
  });
});

describe('a release that no one has judged', () => {
  const unasked = (): never => {
    throw new Error('the registry was asked');
  };
  const known = (release?: number): FoundLive => ({ state: 'unknown', why: 'it is a test', release });

  it.each([
    [undefined, true],
    ['succeeded', true],
    ['superseded', false],
    ['rolled-back', false],
    ['rollback-failed', false],
  ] as const)('is seen by its record alone: %s', async (verdict, expected) => {
    expect(await areUnjudged([{ verdict }], 41, unasked)).toBe(expected);
  });

  it.each([
    ['has no verdict at all', { state: 'none' }, true],
    ['has that of the planned release', known(41), true],
    ['has that of the newer one', known(42), false],
    ['does not say', known(), false],
  ] as const)('is one that a cancelled run closed, if the registry %s', async (_, found, expected) => {
    for (const verdict of ['failed', 'timed-out'] as const)
      expect(await areUnjudged([{ verdict }], 41, async () => found)).toBe(expected);
  });
});

describe('several releases of the same tree', () => {
  const known = async (): Promise<FoundLive> => ({ state: 'unknown', why: 'it is a test', release: 42 });

  it.each([
    ['one before the newest failed its verification', ['failed'], false],
    ['one before the newest was rolled back', ['rolled-back'], false],
    ['one before the newest was closed by the next deploy', ['superseded'], true],
    ['all were cut off', [undefined, undefined], true],
  ] as const)('are looked at all, as where %s', async (_, earlier, expected) => {
    const since = [{}, ...earlier.map(verdict => ({ verdict }))];
    expect(await areUnjudged(since, 41, known)).toBe(expected);
  });

  it.each([
    ['the newest', [{ verdict: 'succeeded' }, { verdict: 'timed-out' }], true],
    ['the one before the newest', [{}, { verdict: 'succeeded' }, { verdict: 'timed-out' }], true],
    ['the one before a failure', [{ verdict: 'failed' }, { verdict: 'succeeded' }], false],
  ] as const)('are looked at back to the one that succeeded: %s', async (_, since, expected) => {
    expect(await areUnjudged(since, 41, known)).toBe(expected);
  });
});

describe('what the log says of a release that is deployed once more', () => {
  const applied = '2026-11-01T10:00:00Z';
  it.each([
    [{ applied }, 'is live and has no verdict yet; going on with it'],
    [{}, 'was not written to the end and has no verdict yet; going on with it'],
    [{ applied, verdict: 'timed-out' }, 'is live and has no verdict yet; going on with it'],
    [{ applied, verdict: 'succeeded' }, 'is live already; deploying it once more'],
  ] as const)('is true of it: %j', (release, said) => {
    expect(continuedSentence({ number: 42, ...release } as Release)).toBe(
      `Release 42 of the same tree ${said}`,
    );
  });
});
