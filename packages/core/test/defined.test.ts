import { describe, expect, it } from '@jest/globals';
import { defined } from '@slipway/core';

describe('defined fields', () => {
  it('are kept in their order, and the others are absent', () => {
    const fields = defined({ b: 1, a: undefined, c: null, d: '' });
    expect(Object.entries(fields)).toEqual([
      ['b', 1],
      ['c', null],
      ['d', ''],
    ]);
  });

  it('are typed as optional only if they may be undefined', () => {
    const name: string | undefined = ['given'][0];
    const fields: { readonly kind: 'file'; readonly name?: string } = defined({ kind: 'file', name });
    expect(fields).toEqual({ kind: 'file', name: 'given' });
  });
});
