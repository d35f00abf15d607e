import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@slipway/core';
import {
  formatSelector,
  type LabelSelector,
  parseSelector,
  selectorKeys,
  selectorsOf,
  selects,
} from '../src/index.ts';

const labels = { app: 'api', tier: 'web' };

describe('a label selector', () => {
  it.each<[string, LabelSelector | undefined, boolean]>([
    ['that is absent', undefined, true],
    ['that is empty', {}, true],
    ['of a label', { matchLabels: { app: 'api' } }, true],
    ['of another value', { matchLabels: { app: 'web' } }, false],
    ['of a label that each object has', { matchLabels: { constructor: 'x' } }, false],
    ['with In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['api'] }] }, true],
    ['with NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] }, false],
    [
      'with NotIn of a missing label',
      { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] },
      true,
    ],
    ['with Exists', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    ['with DoesNotExist', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    ['with an unknown operator', { matchExpressions: [{ key: 'app', operator: 'Like' }] }, false],
  ])('%s', (_title, selector, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  it('is written for a request with all of its requirements', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'zone', operator: 'NotIn', values: ['x'] },
      { key: 'new', operator: 'Exists' },
      { key: 'old', operator: 'DoesNotExist' },
    ];
    expect(formatSelector({ matchLabels: { app: 'api', track: '' }, matchExpressions })).toBe(
      'app=api,track=,tier in (a,b),zone notin (x),new,!old',
    );
    expect(formatSelector({})).toBe('');
  });

  it.each<[JsonValue, boolean, readonly string[]]>([
    [{ app: 'api', count: 3 }, true, ['app']],
    [{ matchLabels: { app: 'api' } }, false, ['app']],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, false, ['app']],
    ['text', false, []],
  ])('is read from %j', (written, isBare, keys) => {
    expect(selectorKeys(parseSelector(written, isBare))).toEqual(keys);
  });

  it('with a requirement that is not a map selects nothing', () => {
    expect(selects(parseSelector({ matchExpressions: ['app'] }), labels)).toBe(false);
  });
});

it.each([
  ['v1', 'Service', 'spec/selector'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'spec/podSelector'],
  ['argoproj.io/v1alpha1', 'Rollout', 'spec/selector'],
  ['batch/v1', 'CronJob', 'spec/jobTemplate/spec/template/spec/topologySpreadConstraints/*/labelSelector'],
])('%s %s selects pods at %s', (apiVersion, kind, path) => {
  expect(selectorsOf({ apiVersion, kind }).map(rule => rule.path.join('/'))).toContain(path);
});

it('services of other projects select no pods', () => {
  expect(selectorsOf({ apiVersion: 'serving.knative.dev/v1', kind: 'Service' })).toEqual([]);
});
