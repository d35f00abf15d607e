import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@slipway/core';
import { KUBERNETES_SCALARS } from '@slipway/testkit/yaml';
import fc from 'fast-check';
import { parseDocument, stringifyYaml } from '../src/index.ts';

const readBack = (value: JsonValue): JsonValue => parseDocument(stringifyYaml(value), 'a.yaml').value;

const nasty = fc.constantFrom(
  ...Object.keys(KUBERNETES_SCALARS),
  '',
  ' ',
  'a\n',
  'a\nb',
  '\na',
  'a\n\n',
  ' a\nb\n',
  'a \nb\n',
  'a\n  b\n\tc\n',
  '---',
  '...',
  '--- a\nb\n',
  '# a',
  'a # b',
  'a: b',
  'a:',
  '- a',
  '? a',
  '<<',
  '%a',
  '@a',
  '`a`',
  '!a',
  '&a',
  '*a',
  '{a}',
  '[a]',
  '"a"',
  "'a'",
  '\u0085a\nb',
  '\u2028',
  'a\u2028b\nc',
  '\u{FEFF}a\nb',
  '${x}',
  '$${x}',
  'a\r\nb',
  '\t',
  'a\tb\nc',
  'é\n漢\n😀',
  '\u007f',
  '\ufffe',
  'a'.repeat(2000),
  'a\n b\n  ',
);
const text = fc.oneof(
  nasty,
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '\t', ':', '#', '-', '"', "'", '0', '_', '.', 'e', '+'),
  }),
);
// Whole numbers between 2^53 and 2^64 are read back as bigint, so they are not numbers in the first place.
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter(number => !Number.isInteger(number) || Number.isSafeInteger(number) || Math.abs(number) > 2 ** 64)
  .map(number => number + 0);
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  double,
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }),
);
const { tree } = fc.letrec<{ tree: JsonValue }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
}));

describe('stringifyYaml', () => {
  it('is read back exactly, whatever the value', () => {
    fc.assert(
      fc.property(tree, value => expect(readBack(value)).toEqual(value)),
      { numRuns: 1000 },
    );
  });

  it('keeps what people read readable', () => {
    const value = {
      apiVersion: 'v1',
      image: 'localhost:5000/shop/api@sha256:0123',
      url: 'postgres://db.internal:5432/shop',
      list: [{ a: 1, b: [] }, ['x', {}], 'two words'],
      script: '#!/bin/sh\necho "hi"\n',
      text: 'no',
      time: '22:22',
      big: 9007199254740993n,
    };
    expect(stringifyYaml(value)).toBe(
      [
        'apiVersion: v1',
        'image: localhost:5000/shop/api@sha256:0123',
        'url: postgres://db.internal:5432/shop',
        'list:',
        '  - a: 1',
        '    b: []',
        '  - - x',
        '    - {}',
        '  - two words',
        'script: |',
        '  #!/bin/sh',
        '  echo "hi"',
        'text: "no"',
        'time: "22:22"',
        'big: 9007199254740993',
        '',
      ].join('\n'),
    );
  });
});
