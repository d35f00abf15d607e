import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@slipway/core';
import { canonicalQuantity, sameQuantity } from '../src/index.ts';

const CPU = ['spec', 'resources', 'limits', 'cpu'];

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
    expect(sameQuantity(one, other, CPU)).toBe(true);
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
    expect(sameQuantity(one, other, CPU)).toBe(false);
  });

  it('are compared only where a quantity is meant', () => {
    expect(sameQuantity('1000m', '1', ['spec', 'sizeLimit'])).toBe(true);
    expect(sameQuantity('1000m', '1', ['data', 'timeout'])).toBe(false);
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
