import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@slipway/core';
import { asServerWrites, canonicalQuantity, sameQuantity } from '../src/index.ts';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const CPU = ['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits', 'cpu'];

describe('two quantities', () => {
  it.each<[JsonValue, JsonValue]>([
    ['1000m', '1'],
    [1, '1'],
    ['0.1', '100m'],
    [0.1, '100m'],
    ['1Gi', '1024Mi'],
    ['1e3', '1k'],
    ['1.5Gi', '1536Mi'],
    [' 1 ', '1'],
    ['9007199254740993', 9007199254740993n],
  ])('%j and %j are the same', (one, other) => {
    expect(sameQuantity(one, other, DEPLOYMENT, CPU)).toBe(true);
  });

  it.each<[JsonValue, JsonValue | undefined]>([
    ['1', '2'],
    ['1', undefined],
    ['1Gi', '1G'],
    // Equal for floating-point numbers.
    ['9007199254740992', '9007199254740993'],
    ['1000000000001n', '1000000000002n'],
    ['a lot', 'a lot'],
    [true, '1'],
  ])('%j and %j are not', (one, other) => {
    expect(sameQuantity(one, other, DEPLOYMENT, CPU)).toBe(false);
  });

  it.each<[string, { apiVersion: string; kind: string }, (string | number)[]]>([
    [
      'the size of an emptyDir',
      DEPLOYMENT,
      ['spec', 'template', 'spec', 'volumes', 1, 'emptyDir', 'sizeLimit'],
    ],
    [
      'a claim',
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      ['spec', 'resources', 'requests', 'storage'],
    ],
    ['a quota', { apiVersion: 'v1', kind: 'ResourceQuota' }, ['spec', 'hard', 'count/pods']],
    [
      'the target of an autoscaler',
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
      ['spec', 'metrics', 0, 'pods', 'target', 'averageValue'],
    ],
  ])('are compared in %s', (_case, kind, path) => {
    expect(sameQuantity('1000m', '1', kind, path)).toBe(true);
    expect(asServerWrites('1000m', kind, path)).toBe('1');
  });

  it.each<[string, { apiVersion: string; kind: string }, (string | number)[]]>([
    [
      'an entry of a ConfigMap that is called like one',
      { apiVersion: 'v1', kind: 'ConfigMap' },
      ['data', 'max'],
    ],
    ['an annotation', DEPLOYMENT, ['spec', 'template', 'metadata', 'annotations', 'a/resources/limits/cpu']],
    ['an argument', DEPLOYMENT, ['spec', 'template', 'spec', 'containers', 0, 'args', 0]],
    [
      'a custom resource',
      { apiVersion: 'acme.example/v1', kind: 'App' },
      ['spec', 'resources', 'limits', 'cpu'],
    ],
  ])('are compared as text in %s', (_case, kind, path) => {
    expect(sameQuantity('1000m', '1', kind, path)).toBe(false);
    expect(asServerWrites('1000m', kind, path)).toBe('1000m');
  });
});

it.each<[JsonValue, JsonValue]>([
  ['1000m', '1'],
  [1, '1'],
  ['1024Mi', '1Gi'],
  ['a lot', 'a lot'],
  [null, null],
])('the API server writes %j as %j', (value, expected) => {
  expect(canonicalQuantity(value)).toEqual(expected);
});
