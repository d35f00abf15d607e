import { describe, expect, it } from '@jest/globals';
import { hasRemoved, parseRemoval } from '../src/index.ts';

const REMOVAL = {
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Removal', application: 'shop', formation: 'staging' },
  ...{ destination: 'main', namespace: 'shop', at: '2026-11-20T11:00:00.000Z', by: 'ada' },
};

describe('a removal', () => {
  it('is read as it was written, and only with a time', () => {
    expect(parseRemoval(JSON.stringify(REMOVAL), 'x')).toEqual(REMOVAL);
    expect(() => parseRemoval(JSON.stringify({ ...REMOVAL, at: 'soon' }), 'x')).toThrow('not a time');
  });

  it.each<[string, boolean, Parameters<typeof hasRemoved>[1]]>([
    ['began before it', true, { ...verdict('10:00'), released: '2026-11-20T10:00:00Z' }],
    ['began after it', false, { ...verdict('10:00'), released: '2026-11-20T11:00:01Z' }],
    ['began at a time that is not known, and was verified after it', false, verdict('12:00')],
    ['was in another namespace', false, { ...verdict('10:00'), namespace: 'other' }],
  ])('took away a release that %s: %s', (_, expected, given) => {
    expect(hasRemoved(REMOVAL, given)).toBe(expected);
  });

  const KNOWN = { ...REMOVAL, release: 41, released: '2026-11-20T10:30:00.000Z' };
  const rolledBackTo = { release: 39, as: 41, released: KNOWN.released };

  it.each<[string, boolean, Partial<Parameters<typeof hasRemoved>[1]>]>([
    ['that was the newest', true, { release: 41, released: KNOWN.released }],
    ['that was the newest, which undid the one with the verdict', true, { release: 40, rolledBackTo }],
    [
      'with that number by now, whose runner has a clock that is behind',
      false,
      { release: 41, released: '2026-11-20T10:00:00Z' },
    ],
    [
      'with a higher number, whose runner has a clock that is behind',
      false,
      { release: 42, released: '2026-11-20T10:00:00Z' },
    ],
    ['before the newest', true, { release: 40, released: '2026-11-20T10:00:00Z' }],
    [
      'that came after it, where the clock of its runner was ahead',
      false,
      { release: 1, released: '2026-11-20T10:59:00Z' },
    ],
  ])('that names the newest release took away a release %s: %s', (_, expected, given) => {
    expect(hasRemoved(KNOWN, { ...verdict('10:00'), ...given })).toBe(expected);
  });
});

function verdict(time: string) {
  return { started: `2026-11-20T${time}:00Z`, namespace: 'shop' };
}
