import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { observe } from '../src/judge/observe.ts';
import type { WatchedObject } from '../src/rollout.ts';
import { Store } from '../src/watch/store.ts';
import { conditions, NAMESPACE, object, pod } from './support/objects.ts';

const JOB = { apiVersion: 'batch/v1', kind: 'Job', namespace: NAMESPACE, name: 'gone' };
const MARK = { release: 5, set: 'ours' };

/** A ConfigMap that release 5 of the set `ours` has written. */
function marked(changes: Partial<WatchedObject>): WatchedObject {
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'marked' };
  return { ...reference, uid: 'uid-marked', written: true, mark: MARK, ...changes };
}

function job(name: string, condition: Readonly<Record<string, string>>) {
  return object('batch/v1', 'Job', name, {}, { status: { conditions: conditions(condition) } });
}

const POD = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'a' };

/** A store that has read the sections of pods, Jobs and ConfigMaps, with one pod in it. */
function store(): Store {
  const filled = new Store();
  filled.open(POD, NAMESPACE).replace([pod('a', { generation: 3 })]);
  filled.open({ apiVersion: 'batch/v1', kind: 'Job' }, NAMESPACE).replace([]);
  filled.open({ apiVersion: 'v1', kind: 'ConfigMap' }, NAMESPACE).replace([
    object('v1', 'ConfigMap', 'c'),
    object('v1', 'ConfigMap', 'marked', {
      labels: { 'applyset.kubernetes.io/part-of': 'ours' },
      annotations: { 'slipway.dev/release': '5' },
    }),
  ]);
  filled.lastStates.put(job('done', { Complete: 'True' }), false);
  filled.lastStates.put(job('failed', { Failed: 'True BackoffLimitExceeded: too often' }), false);
  filled.lastStates.put(job('running', {}), true);
  filled.open({ apiVersion: 'apps/v1', kind: 'Deployment' }, NAMESPACE).deny('deployments is forbidden');
  return filled;
}

describe('whether the release wrote an object', () => {
  it.each<[string, Partial<WatchedObject>, boolean]>([
    ['is told by its number, whatever the record says', { written: false }, true],
    [
      'is told by the record if the release gave it its number only',
      { written: false, stamped: true },
      false,
    ],
    [
      'is told by the record if it has the number of an earlier one',
      { written: false, mark: { release: 6, set: 'ours' } },
      false,
    ],
  ])('%s', (_what, changes, expected) => {
    const [seen] = observe([marked(changes)], store());
    expect(seen?.object.written).toBe(expected);
  });
});

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
    ['that is a removed Job, of which nothing more is known', { ...JOB, uid: 'j' }, 'in-progress', 'Deleted'],
    ['that is a removed Job that ran before', { ...JOB, uid: 'j', ran: true }, 'ready', undefined],
    ['that is a Job whose last state is complete', { ...JOB, uid: 'uid-done' }, 'ready', undefined],
    [
      'that is a Job whose last state is failed',
      { ...JOB, uid: 'uid-failed' },
      'in-progress',
      'BackoffLimitExceeded',
    ],
    [
      'that is a removed Job of no release, whose last state is complete',
      { ...JOB, name: 'done' },
      'ready',
      undefined,
    ],
    ['that is a Job that no one has applied yet', JOB, 'in-progress', 'NotFound'],
    ['that is a Job that ran when it was deleted', { ...JOB, uid: 'uid-running' }, 'in-progress', 'Deleted'],
    [
      'that may not be read',
      { ...POD, apiVersion: 'apps/v1', kind: 'Deployment', uid: 'd' },
      'unknown',
      undefined,
    ],
    [
      'that is configuration that no one has read',
      { ...POD, kind: 'Secret', uid: 's' },
      'unknown',
      undefined,
    ],
    ['that is configuration and was found', { ...POD, kind: 'ConfigMap', name: 'c' }, 'ready', undefined],
    [
      'that is configuration and was deleted',
      { ...POD, kind: 'ConfigMap', name: 'd', uid: 'd' },
      'in-progress',
      'Deleted',
    ],
    ['that has the mark of the release', marked({}), 'ready', undefined],
    [
      'that another formation took over',
      marked({ mark: { release: 5, set: 'other' } }),
      'in-progress',
      'Overwritten',
    ],
    [
      'that an earlier release of the formation wrote last',
      marked({ mark: { release: 6, set: 'ours' } }),
      'in-progress',
      'Overwritten',
    ],
    [
      'that a newer release wrote, which supersedes this one',
      marked({ mark: { release: 4, set: 'ours' } }),
      'ready',
      undefined,
    ],
    [
      'that the release left as it was',
      marked({ written: false, mark: { release: 6, set: 'ours' } }),
      'ready',
      undefined,
    ],
    [
      'that someone replaced without the mark',
      { ...POD, kind: 'ConfigMap', name: 'c', uid: 'uid-c', written: true, mark: MARK },
      'in-progress',
      'Overwritten',
    ],
    [
      'that was written by a run that died before it noted that',
      marked({ written: false, toWrite: true }),
      'ready',
      undefined,
    ],
    [
      'that is new and was written by a run that died before it noted that',
      marked({ uid: undefined, written: false, toWrite: true }),
      'ready',
      undefined,
    ],
    [
      'that is new and that someone else made',
      marked({ uid: undefined, written: false, mark: { release: 6, set: 'ours' } }),
      'in-progress',
      'NotApplied',
    ],
    [
      'that the release was to change and did not come to',
      marked({ written: false, toWrite: true, mark: { release: 6, set: 'ours' } }),
      'in-progress',
      'NotApplied',
    ],
    [
      'that was unhealthy before, and that the release was to change and did not come to',
      marked({ written: false, toWrite: true, healthyBefore: false, mark: { release: 6, set: 'ours' } }),
      'in-progress',
      'NotApplied',
    ],
  ])('%s', (_, watched, state, reason) => {
    const [observation] = observe([watched], store());
    expect(observation?.status.state).toBe(state);
    expect(observation?.status.troubles[0]?.reason).toBe(reason);
  });
});

describe('an object that is held back', () => {
  const set = (spec: JsonObject) =>
    object(
      'apps/v1',
      'StatefulSet',
      'db',
      {},
      {
        spec: { replicas: 2, ...spec },
        status: { observedGeneration: 1, replicas: 2, availableReplicas: 2, updatedReplicas: 1 },
      },
    );
  const job = (spec: JsonObject) => object('batch/v1', 'Job', 'db', {}, { spec });
  const pony = (spec: JsonObject) => object('acme.io/v1', 'Pony', 'db', {}, { spec });
  const partition = { updateStrategy: { rollingUpdate: { partition: 1 } } };
  const onDelete = { updateStrategy: { type: 'OnDelete' } };

  it.each<[string, (spec: JsonObject) => KubernetesObject, JsonObject, string]>([
    ['a StatefulSet by a partition', set, partition, 'ready'],
    ['a StatefulSet by OnDelete', set, onDelete, 'ready'],
    ['a Job by suspend', job, { suspend: true }, 'ready'],
    ['a custom resource by a pause', pony, { paused: true }, 'unknown'],
  ])('%s is settled if its manifest declares that, and waits if it does not', (_, make, spec, state) => {
    const live = make(spec);
    const { apiVersion, kind } = live;
    const reference = { apiVersion, kind, namespace: NAMESPACE, name: 'db' };
    const filled = new Store();
    filled.open(live, NAMESPACE).replace([live]);
    const statuses = [undefined, make(spec), make({})].map(
      declared => observe([{ ...reference, declared }], filled)[0]?.status,
    );
    expect(statuses.map(status => status?.state)).toEqual([state, state, 'in-progress']);
    expect(statuses[2]).toMatchObject({ troubles: [{ reason: 'HeldBack' }] });
    expect(statuses[2]).not.toHaveProperty('final');
  });
});
