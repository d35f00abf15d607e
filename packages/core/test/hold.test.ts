import { describe, expect, it } from '@jest/globals';
import { formatHold, type Hold, isInForce, longerHold, parseHold, SlipwayError } from '../src/index.ts';

const SINCE = '2026-11-30T09:00:00.000Z';
const hold: Hold = { by: 'alice', reason: 'the checkout loses orders', since: SINCE };

function codeOf(text: string): string {
  try {
    parseHold(text, 'a Lease');
  } catch (error) {
    return error instanceof SlipwayError ? error.code : 'another error';
  }
  return 'read';
}

describe('a hold', () => {
  it('is read as it was written', () => {
    const whole = { ...hold, until: '2026-12-01T09:00:00.000Z', run: 'https://github.example/run/1' };
    expect(parseHold(formatHold(whole), 'a Lease')).toEqual(whole);
  });

  it.each([
    ['nothing', '', 'format-not-json'],
    ['a list', '[]', 'format-invalid'],
    ['no name', JSON.stringify({ reason: 'x', since: SINCE }), 'format-invalid'],
    ['an empty reason', JSON.stringify({ ...hold, reason: '' }), 'format-invalid'],
    ['a field of another version', JSON.stringify({ ...hold, level: 2 }), 'format-unknown-field'],
    ['an end that is not a time', JSON.stringify({ ...hold, until: 'soon' }), 'format-invalid'],
    ['a beginning that is not a time', JSON.stringify({ ...hold, since: '' }), 'format-invalid'],
  ])('with %s is refused', (_what, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it.each([
    [undefined, true],
    ['2026-11-30T10:00:00.001Z', true],
    ['2026-11-30T10:00:00.000Z', false],
  ])('until %s is in force at ten: %s', (until, expected) => {
    const now = new Date('2026-11-30T10:00:00.000Z');
    expect(isInForce({ ...hold, ...(until === undefined ? {} : { until }) }, now)).toBe(expected);
  });

  it('gives way to one that ends later', () => {
    const [short, long] = [
      { ...hold, until: '2026-12-01T09:00:00Z' },
      { ...hold, until: '2026-12-02T09:00:00Z' },
    ];
    expect([longerHold(short, long), longerHold(long, short), longerHold(long, hold)]).toEqual([
      long,
      long,
      hold,
    ]);
    expect(longerHold(hold, { ...hold, by: 'bob' })).toBe(hold);
  });
});
