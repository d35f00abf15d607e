import { describe, expect, it } from '@jest/globals';
import type { PlannedChange } from '@slipway/core';
import { changesBeyondPlan } from '@slipway/release';

const api = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' };
const job = (name: string) => ({ apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name });

type Fields = NonNullable<PlannedChange['fields']>;
const change = (...fields: Fields): PlannedChange => ({ object: api, action: 'change', fields });

const IMAGE = '/spec/template/spec/containers/0/image';
const PROBE = '/spec/template/spec/containers/0/livenessProbe';
const image = { pointer: IMAGE, before: 'a', after: 'b' };

describe('what a release does beyond a plan', () => {
  it.each<[string, PlannedChange, PlannedChange]>([
    ['the same field', change(image), change(image)],
    ['a field that had another value before', change({ ...image, before: 'c' }), change(image)],
    [
      'what the server adds to a planned value',
      change({ pointer: PROBE, after: { path: '/', periodSeconds: 10 } }),
      change({ pointer: PROBE, after: { path: '/' } }),
    ],
    [
      'a field inside of a planned one',
      change({ pointer: `${PROBE}/path`, before: '/old', after: '/' }),
      change({ pointer: PROBE, after: { path: '/' } }),
    ],
    [
      'the name of the same content under the key of the cluster',
      change({ pointer: '/spec/x', before: 'settings-0000000000', after: 'settings-1111111111' }),
      change({ pointer: '/spec/x', before: 'settings-2222222222', after: 'settings-3333333333' }),
    ],
    ['a removed field', change({ pointer: PROBE, before: 1 }), change({ pointer: PROBE, before: 2 })],
    [
      'a Job with new content',
      { object: job('migrate-0123456789'), action: 'create' },
      { object: job('migrate'), action: 'replace' },
    ],
    [
      'a Job whose content is another one by now',
      { object: job('migrate-0123456789'), action: 'prune' },
      { object: job('migrate'), action: 'replace' },
    ],
    ['an object that leaves', { object: api, action: 'prune' }, { object: api, action: 'prune' }],
  ])('is not %s', (_name, now, planned) => {
    expect(changesBeyondPlan([now], [planned])).toEqual([]);
  });

  it.each<[string, PlannedChange, PlannedChange]>([
    ['another field', change({ pointer: '/spec/replicas', before: 4, after: 2 }), change(image)],
    ['another value', change({ ...image, after: 'c' }), change(image)],
    [
      'another value inside of a planned one',
      change({ pointer: `${PROBE}/path`, before: '/', after: '/other' }),
      change({ pointer: PROBE, after: { path: '/' } }),
    ],
    [
      'a field that is around a planned one',
      change({ pointer: PROBE, after: { path: '/', other: 1 } }),
      change({ pointer: `${PROBE}/path`, after: '/' }),
    ],
    ['a field that is removed and not changed', change({ pointer: IMAGE, before: 'a' }), change(image)],
    [
      'the name of another content',
      change({ pointer: '/spec/x', after: 'database-1111111111' }),
      change({ pointer: '/spec/x', after: 'settings-1111111111' }),
    ],
    ['an object that exists, where one was to be created', change(image), { object: api, action: 'create' }],
    [
      'an object that is created, where one was to be changed',
      { object: api, action: 'create' },
      change(image),
    ],
    ['one that is replaced', { object: api, action: 'replace' }, change(image)],
    [
      'a Job that runs again',
      { object: job('migrate-0123456789'), action: 'replace' },
      { object: job('migrate'), action: 'replace' },
    ],
    [
      'another Job',
      { object: job('import-0123456789'), action: 'create' },
      { object: job('migrate'), action: 'create' },
    ],
  ])('is %s', (_name, now, planned) => {
    expect(changesBeyondPlan([now], [planned])).toEqual([now]);
  });

  it('has only the fields that the plan does not have', () => {
    const replicas = { pointer: '/spec/replicas', before: 4, after: 2 };
    expect(changesBeyondPlan([change(image, replicas)], [change(image)])).toEqual([change(replicas)]);
  });

  it('does not have what stays as it is', () => {
    const same: PlannedChange[] = [
      { object: api, action: 'unchanged' },
      { object: job('migrate-0123456789'), action: 'skip' },
    ];
    expect(changesBeyondPlan(same, [])).toEqual([]);
  });
});
