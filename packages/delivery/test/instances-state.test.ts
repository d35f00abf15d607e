import { expect, it } from '@jest/globals';
import type { InstancesStatus } from '@slipway/core';
import { stateOfInstances } from '../src/status/instances-status.ts';

const place = { formation: 'preview', destination: 'main', namespace: 'previews', atMost: 3 };
const instance = {
  ...{ instance: 'preview-7', key: '7', repository: 'acme/shop' },
  ...{ created: '2026-11-30T10:00:00.000Z', expires: '2026-12-02T10:00:00.000Z' },
};

it.each<[string, InstancesStatus[], string]>([
  ['no instance', [{ ...place, instances: [] }], 'fine'],
  ['one that runs a release', [{ ...place, instances: [{ ...instance, live: { release: 2 } }] }], 'fine'],
  [
    'a cluster that does not answer',
    [
      { ...place, instances: [] },
      { ...place, unknown: ['no'] },
    ],
    'unknown',
  ],
  [
    'a release that may not be read',
    [{ ...place, instances: [{ ...instance, unknown: ['no'] }] }],
    'unknown',
  ],
  ['a Lease that says nothing', [{ ...place, instances: [], broken: ['slipway.shop.x.room'] }], 'unknown'],
])('the state of instances alone: %s', (_what, places, expected) => {
  expect(stateOfInstances(places)).toBe(expected);
});
