import { describe, expect, it } from '@jest/globals';
import { maskableLines, redact } from '../src/redact.ts';

describe('secrets', () => {
  it('are masked line by line, trivial lines excepted', () => {
    expect(maskableLines('-----BEGIN KEY-----\nMIIE\n\n{\nend')).toEqual([
      '-----BEGIN KEY-----\nMIIE\n\n{\nend',
      '-----BEGIN KEY-----',
      'MIIE',
    ]);
  });

  it('are masked completely if one is inside another', () => {
    expect(redact('x longer-secret y secret', new Set(['secret', 'longer-secret']))).toBe('x *** y ***');
  });
});
