import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { holdOf } from '../src/modes/hold.ts';
import type { DeliverySurroundings } from '../src/surroundings.ts';

const run = { actor: 'mia', url: '' } as DeliverySurroundings['run'];
const clock = (): Date => new Date('2026-11-29T09:00:00Z');
const endOf = (at: string) =>
  holdOf({ reason: 'an audit', until: { at: new Date(at) } }, { run, clock }).until;

describe('the end of a hold', () => {
  it('is a time within ten years', () => {
    expect(endOf('2036-11-26T09:00:00Z')).toBe('2036-11-26T09:00:00.000Z');
  });

  it.each([
    ['2026-11-29T09:00:00Z', 'hold-over'],
    ['2036-11-26T09:00:01Z', 'hold-too-long'],
    ['9999-12-31T23:59:00Z', 'hold-too-long'],
  ])('is not %s', (at, code) => {
    expect(() => endOf(at)).toThrow(SlipwayError);
    expect(() => endOf(at)).toThrow(expect.objectContaining({ code }));
  });
});
