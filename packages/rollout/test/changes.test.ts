import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { observe } from '../src/judge/observe.ts';
import type { WatchedObject } from '../src/rollout.ts';
import { Store } from '../src/watch/store.ts';
import { NAMESPACE, object } from './support/objects.ts';

/** A ConfigMap of which each write by someone else has another time. */
function live(time: string, status = ''): KubernetesObject {
  const settings = object('v1', 'ConfigMap', 'settings');
  const managedFields = [
    { manager: 'someone', operation: 'Update', time },
    { manager: 'controller', operation: 'Update', subresource: 'status', time: status },
  ];
  return { ...settings, metadata: { ...settings.metadata, managedFields } };
}

/** Answers in turn, and counts how often it was asked. */
function asked(...answers: readonly (string | undefined | SlipwayError)[]) {
  const left = [...answers];
  const counts = { asked: 0 };
  const watched: WatchedObject = {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'settings' },
    content: {
      isTouched: () => true,
      changes: async () => {
        counts.asked += 1;
        const answer = left.shift();
        if (answer instanceof SlipwayError) throw answer;
        return answer;
      },
    },
  };
  return { watched, counts };
}

const down = new SlipwayError({ code: 'cluster-unreachable', message: 'the API server does not answer' });

function statusIn(store: Store, watched: WatchedObject) {
  store.open(watched, NAMESPACE).replace([live('1')]);
  return observe([watched], store)[0]?.status;
}

describe('what others have changed of an object', () => {
  it('is asked once for each write that is not a status', async () => {
    const { watched, counts } = asked(undefined, '/data/a was overwritten');
    const store = new Store();
    const first = live('1');
    for (const state of [first, first, live('1', 'a'), live('1', 'b')])
      await store.changes.ask(watched, state);
    expect([counts.asked, store.changes.of(watched)]).toEqual([1, undefined]);
    await store.changes.ask(watched, live('2'));
    expect([counts.asked, store.changes.of(watched)]).toEqual([2, '/data/a was overwritten']);
    expect(statusIn(store, watched)).toMatchObject({
      state: 'in-progress',
      troubles: [{ reason: 'Overwritten', message: '/data/a was overwritten' }],
    });
  });

  it('is asked again where the cluster did not answer, and passes meanwhile for nothing', async () => {
    const { watched } = asked(down, '/data/a was overwritten');
    const store = new Store();
    await store.changes.ask(watched, live('1'));
    expect(store.changes.isOpen).toBe(true);
    expect(statusIn(store, watched)).toMatchObject({
      state: 'in-progress',
      troubles: [],
      message: expect.stringMatching(/not known yet .* the API server does not answer/),
    });
    await store.changes.ask(watched, live('1'));
    expect([store.changes.isOpen, store.changes.of(watched)]).toEqual([false, '/data/a was overwritten']);
  });
});
