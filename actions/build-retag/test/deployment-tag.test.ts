import { describe, expect, it } from '@jest/globals';
import { isDeploymentTag } from '@slipway/core';
import { makeDeploymentTag } from '../src/plan/deployment-tag.ts';

const source = {
  now: new Date('2026-11-21T02:15:12.345Z'),
  revision: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
  runNumber: '118',
  runAttempt: '1',
};

describe('the deployment tag', () => {
  it('tells time, commit, run and attempt', () => {
    expect(makeDeploymentTag(source)).toBe('20261121-021512-a1b2c3d-118-1');
  });

  it('is another one when the run is run again', () => {
    expect(makeDeploymentTag({ ...source, runAttempt: '2' })).not.toBe(makeDeploymentTag(source));
  });

  it('of an instance begins with its key, whatever is left of the rest', () => {
    expect(makeDeploymentTag({ ...source, key: '1234' })).toBe('pr-1234-20261121-021512-a1b2c3d-118-1');
    const long = { ...source, key: 'a-branch-of-20-chars', runNumber: '9999999999' };
    const tags = ['1', '2'].map(runAttempt => makeDeploymentTag({ ...long, runAttempt }));
    for (const tag of tags) {
      expect(tag).toMatch(/^pr-a-branch-of-20-chars-20261121-021512-[0-9a-f]{5}$/);
      expect(isDeploymentTag(tag)).toBe(true);
    }
    expect(new Set(tags).size).toBe(2);
  });

  it('sorts by age', () => {
    const times = [
      '2026-01-02T00:00:00Z',
      '2026-09-30T23:59:59Z',
      '2026-10-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ];
    const tags = times.map(time => makeDeploymentTag({ ...source, now: new Date(time) }));
    expect([...tags].sort()).toEqual(tags);
  });

  it.each([
    ['outside of a run', { runNumber: '', runAttempt: '' }, '20261121-021512-a1b2c3d'],
    ['outside of a repository', { revision: undefined }, '20261121-021512-118-1'],
    ['with an invalid run number', { runNumber: '1; rm -rf /' }, '20261121-021512-a1b2c3d-1-1'],
    ['with a number that never ends', { runNumber: '9'.repeat(60) }, '20261121-021512-a1b2c3d-9999999999-1'],
  ])('is one that tags allow %s', (_case, changes, tag) => {
    expect(makeDeploymentTag({ ...source, ...changes })).toBe(tag);
    expect(isDeploymentTag(tag)).toBe(true);
  });
});
