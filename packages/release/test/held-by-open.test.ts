import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Release } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { stepsState } from '@slipway/testkit/releases';
import { diffFields } from '../src/objects/diff.ts';
import { besideHeld } from '../src/plan/held-by-open.ts';

const TRACK = 'slipway.dev/track';
type Selector = 'stable' | 'both' | 'next';

const service = (selector: JsonObject, port = 80): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', namespace: 'shop' } },
  spec: { selector, ports: [{ port }] },
});
const budget = (matchLabels: JsonObject): KubernetesObject => ({
  ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'api', namespace: 'shop' } },
  spec: { selector: { matchLabels } },
});
const open = (selector: Selector, more: Partial<Release> = {}): Release =>
  ({
    namespace: 'shop',
    steps: {
      ...stepsState({ target: { selector } }),
      held: [
        { apiVersion: 'v1', kind: 'Service', name: 'api' },
        { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'api' },
      ],
    },
    ...more,
  }) as Release;

/** What is left of a change from the live object to the manifest. */
function left(newest: Release | undefined, live: KubernetesObject, object: KubernetesObject) {
  const found = { action: 'change' as const, live, fields: diffFields(live, object) };
  const { action, fields = [] } = besideHeld(newest, object, found);
  return [action, ...fields.map(({ pointer }) => pointer)];
}

describe('an object that an open release holds', () => {
  it.each(['stable', 'next'] as const)('is not changed by the selector that Slipway gave it: %s', track => {
    const live = service({ app: 'api', [TRACK]: track });
    expect(left(open(track), live, service({ app: 'api' }))).toEqual(['unchanged']);
  });

  it('is not, as a budget, whatever the Services select', () => {
    const live = budget({ app: 'api', [TRACK]: 'stable' });
    expect(left(open('both'), live, budget({ app: 'api' }))).toEqual(['unchanged']);
  });

  it('keeps every other change', () => {
    const live = service({ app: 'api', [TRACK]: 'stable' });
    const [action, ...pointers] = left(open('stable'), live, service({ app: 'api' }, 8080));
    expect(action).toBe('change');
    expect(pointers.length).toBeGreaterThan(0);
    expect(pointers.every(pointer => pointer.startsWith('/spec/ports'))).toBe(true);
  });

  it('keeps a selector that someone else wrote', () => {
    const live = service({ app: 'api', [TRACK]: 'next' });
    const changed = ['change', '/spec/selector/slipway.dev~1track'];
    expect(left(open('stable'), live, service({ app: 'api' }))).toEqual(changed);
    expect(left(open('both'), live, service({ app: 'api' }))).toEqual(changed);
  });
});

describe('the selector of what is not held', () => {
  const live = service({ app: 'api', [TRACK]: 'stable' });
  it.each<[string, Release | undefined]>([
    ['no release', undefined],
    ['a release that is closed', open('stable', { verdict: 'rollback-failed' })],
    ['a release in another namespace', open('stable', { namespace: 'other' })],
    ['an ordinary release', { namespace: 'shop' } as Release],
  ])('is a change: %s', (_, newest) => {
    expect(left(newest, live, service({ app: 'api' }))).toEqual([
      'change',
      '/spec/selector/slipway.dev~1track',
    ]);
  });
});
