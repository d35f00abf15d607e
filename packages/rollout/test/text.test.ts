import { expect, it } from '@jest/globals';
import { excerpt } from '@slipway/core';
import fc from 'fast-check';
import { oneLine } from '../src/text.ts';

const part = fc.constantFrom(
  'Ready',
  'a b',
  ' ',
  '  ',
  '\n',
  '\t',
  '',
  'ä',
  '\u{202e}',
  '\u{7f}',
  '~',
  '!',
  'x'.repeat(60),
);

it('a text is on one line, whether it was before or not', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom(5, 100, 400), (parts, limit) => {
      const text = parts.join('');
      expect(oneLine(text, limit)).toBe(
        excerpt(
          text
            .slice(0, limit * 20)
            .replace(/\s+/g, ' ')
            .trim(),
          limit,
        ),
      );
    }),
    { numRuns: 5_000, seed: 1 },
  );
});
