import { expect, it } from '@jest/globals';
import type { RecordedObject, Release } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import { restorationOf } from '../src/end/restoration.ts';

const JOB = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop' };
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name: 'ponies.example.com',
};

function release(objects: readonly RecordedObject[], pending: readonly RecordedObject[] = []): Release {
  const manifests = objects.map(({ apiVersion, kind, namespace, name }) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  }));
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Release',
    number: 1,
    application: 'shop',
    formation: 'live',
    namespace: 'shop',
    created: '2026-11-28T10:00:00Z',
    reason: '',
    manifests,
    seals: [],
    objects: [...objects],
    pending: [...pending],
    prune: 'after-success',
  };
}

it('what a rollback removed or left is not told as untouched too', () => {
  const [same, changed, left] = ['same', 'changed', 'left'].map(name => ({ ...JOB, name, written: true }));
  if (same === undefined || changed === undefined || left === undefined) throw new Error('three Jobs');
  const definition = { ...DEFINITION, written: false };
  const failed = release([{ ...same, written: false }, changed, left, definition]);
  const told = { ...restorationOf(failed, release([same], [left])) };
  const names = Object.entries<readonly ObjectReference[]>(told).map(
    ([what, objects]) => [what, objects.map(({ name }) => name)] as const,
  );
  expect(Object.fromEntries(names)).toEqual({
    restored: ['same'],
    removed: ['changed'],
    left: ['left'],
    untouched: ['same', 'ponies.example.com'],
  });
});

it('a Job of another project is not one that a rollback leaves untouched', () => {
  const volcano = { ...JOB, apiVersion: 'batch.volcano.sh/v1alpha1', name: 'train', written: true };
  expect(restorationOf(release([volcano]), release([volcano])).untouched).toEqual([]);
});
