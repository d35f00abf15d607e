import { describe, expect, it } from '@jest/globals';
import type { RecordedObject, Release } from '@slipway/core';
import { faultsOf, withHealthBefore } from '../src/health/health-before.ts';

const api: RecordedObject = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', written: false };

const release = (verdict: Release['verdict'], then: Partial<RecordedObject>): Release =>
  ({ verdict, objects: [{ ...api, ...then }] }) as unknown as Release;

const before = (healthy: boolean | undefined, previous?: Release) =>
  withHealthBefore(api, healthy, faultsOf(previous)).healthyBefore;

describe('what was unhealthy before a release', () => {
  it.each<[string, Release | undefined, boolean | undefined]>([
    ['is excused where there was no release', undefined, false],
    ['is excused where the release before it succeeded', release('succeeded', { written: true }), false],
    [
      'is excused where the release before it left it alone, unhealthy',
      release('failed', { healthyBefore: false }),
      false,
    ],
    ['is not excused where a failed release wrote it', release('failed', { written: true }), undefined],
    [
      'is not excused where an overtaken release wrote it',
      release('superseded', { written: true }),
      undefined,
    ],
    [
      'is not excused where it was healthy before a failed release',
      release('failed', { healthyBefore: true }),
      undefined,
    ],
    ['is not excused where a release before that one wrote it', release('failed', {}), undefined],
  ])('%s', (_title, previous, expected) => {
    expect(before(false, previous)).toBe(expected);
  });

  it('does not matter for objects that are healthy or unknown', () => {
    expect([before(true, release('failed', { written: true })), before(undefined)]).toEqual([
      true,
      undefined,
    ]);
  });
});
