import { describe, expect, it } from '@jest/globals';
import { observe } from '../src/judge/observe.ts';
import type { WatchedObject } from '../src/rollout.ts';
import { Store } from '../src/watch/store.ts';
import { NAMESPACE, object, pod } from './support/objects.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'a' };

/** A store that has read the sections of pods, Jobs and ConfigMaps, with one pod in it. */
function store(): Store {
  const filled = new Store();
  filled.open(POD, NAMESPACE).replace([pod('a', { generation: 3 })]);
  filled.open({ apiVersion: 'batch/v1', kind: 'Job' }, NAMESPACE).replace([]);
  filled.open({ apiVersion: 'v1', kind: 'ConfigMap' }, NAMESPACE).replace([object('v1', 'ConfigMap', 'c')]);
  filled.open({ apiVersion: 'apps/v1', kind: 'Deployment' }, NAMESPACE).deny('deployments is forbidden');
  return filled;
}

describe('one of the objects of a release', () => {
  it.each<[string, WatchedObject, string, string | undefined]>([
    [
      'that is the one that was written',
      { ...POD, uid: 'uid-a', generation: 3, written: true },
      'ready',
      undefined,
    ],
    [
      'that is read from an older state of the cluster',
      { ...POD, uid: 'uid-a', generation: 4 },
      'in-progress',
      undefined,
    ],
    ['that someone replaced', { ...POD, uid: 'another' }, 'in-progress', 'Replaced'],
    ['that someone deleted', { ...POD, name: 'b', uid: 'uid-b' }, 'in-progress', 'Deleted'],
    ['that the release did not come to', { ...POD, written: false }, 'in-progress', 'NotApplied'],
    ['that is expected without a release', { ...POD, name: 'b' }, 'in-progress', 'NotFound'],
    [
      'that is a finished and removed Job',
      { ...POD, apiVersion: 'batch/v1', kind: 'Job', uid: 'j' },
      'unknown',
      undefined,
    ],
    [
      'that may not be read',
      { ...POD, apiVersion: 'apps/v1', kind: 'Deployment', uid: 'd' },
      'unknown',
      undefined,
    ],
    ['that is configuration and was written', { ...POD, kind: 'Secret', uid: 's' }, 'ready', undefined],
    ['that is configuration and was found', { ...POD, kind: 'ConfigMap', name: 'c' }, 'ready', undefined],
  ])('%s', (_, watched, state, reason) => {
    const [observation] = observe([watched], store());
    expect(observation?.status.state).toBe(state);
    expect(observation?.status.troubles[0]?.reason).toBe(reason);
  });
});
