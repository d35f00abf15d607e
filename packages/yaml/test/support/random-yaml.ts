import fc from 'fast-check';

/** What decides how a plain scalar is read: signs, digits of every base, words, and what ends a scalar. */
const PIECES = [
  ...['0', '1', '7', '8', '9', '00', '017', '0x', '0X', '0b', '0B', '0o', '0O', '1F', 'e', 'E', 'e+', 'e-3'],
  ...['+', '-', '.', '_', ':', ',', '~', '=', '<<', '10', '11', '22', '59', '60', '1e', '1_0', '400', 'f'],
  ...[
    'inf',
    'nan',
    '.inf',
    '.NaN',
    '.Inf',
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'N',
    'true',
    'FALSE',
    'null',
    'Null',
  ],
  ...['2024-01-02', 'T03:04:05Z', ' 03:04:05', '1.10', '1.0', '0.1', '1e6', '0.5', '6.0', '16777217'],
  ...['9007199254740993', '9223372036854775807', '9223372036854775808', '18446744073709551615'],
  ...['18446744073709551616', '9223372036854775809', '0x7fffffffffffffff', '0xffffffffffffffff', '123456789'],
  ...['a', 'x', 'b', ' ', '/', '%', '$', '@', '٣', 'é', '\\', '(', '^'],
];

/** Whole scalars that are read in a way of their own. */
const WHOLE = [
  ...[
    '',
    '~',
    'y',
    'n',
    'Y',
    'N',
    'yes',
    'Yes',
    'YES',
    'yEs',
    'on',
    'On',
    'ON',
    'oN',
    'off',
    'Off',
    'OFF',
    'no',
  ],
  ...[
    'true',
    'True',
    'TRUE',
    'tRUE',
    'null',
    'Null',
    'NULL',
    'nULL',
    '.inf',
    '-.inf',
    '+.INF',
    '.nan',
    '.NAN',
  ],
  ...[
    '<<',
    '=',
    '-',
    '---',
    '...',
    '0',
    '-0',
    '+0',
    '00',
    '0.',
    '.0',
    '-.0',
    '+.5',
    '0.0',
    '-0.0',
    '1e0',
    '0e0',
  ],
  ...[
    '0x0',
    '-0x0',
    '0b0',
    '0o0',
    '0_',
    '0x_',
    '1_',
    '_1',
    '-_1',
    '+_1',
    '0b-1',
    '0b+1',
    '0x-1',
    '0o-1',
    '0-1',
  ],
  ...[
    '1e308',
    '1e309',
    '-1e309',
    '5e-324',
    '1e-325',
    '1e21',
    '1e20',
    '1e-7',
    '123456789012345678',
    '100000000000',
  ],
  ...[
    '1000000',
    '999999',
    '1234567.0',
    '123456.0',
    '0.0001',
    '0.00001',
    '33554433.0',
    '3.4028235e38',
    '1e39',
    '.1e1',
  ],
  ...[
    '2024-01-02',
    '2024-1-2',
    '24-01-02',
    '2024-01-02T03:04:05Z',
    '2024-01-02 03:04:05 +1',
    '1:30',
    '22:22:22',
    '1:60',
  ],
];

const plain = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...WHOLE) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
      .map(parts => parts.join('')),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true }).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String) },
  {
    weight: 1,
    arbitrary: fc
      .bigInt({ min: 0n, max: 2n ** 65n })
      .chain(value =>
        fc.constantFrom(
          `0x${value.toString(16)}`,
          `0b${value.toString(2)}`,
          `0${value.toString(8)}`,
          `0o${value.toString(8)}`,
        ),
      ),
  },
);

const TAGS = [
  '!!int',
  '!!float',
  '!!str',
  '!!bool',
  '!!null',
  '!!binary',
  '!',
  '!!timestamp',
  '!own',
  '!!merge',
];

const tagged = fc
  .tuple(
    fc.constantFrom(...TAGS),
    plain.filter(text => !/^\s*[,:]/.test(text)),
  )
  .map(([tag, text]) => `${tag} ${text}`);

/** A scalar in quotes, with escapes that YAML has and JSON lacks; `\\/` is JSON's alone for the library, and is taken here in YAML too. */
const inQuotes = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '\\n',
      '\\t',
      '\\x41',
      '\\u00e9',
      '\\U0001F600',
      '\\e',
      '\\0',
      '\\_',
      '\\N',
      '#',
      ': ',
      '1',
      '~',
      "''",
      '\\"',
    ),
    { maxLength: 5 },
  )
  .chain(parts => fc.constantFrom(`"${parts.join('')}"`, `'${parts.join('')}'`));

const scalar = fc.oneof(
  { weight: 8, arbitrary: plain },
  { weight: 8, arbitrary: tagged },
  { weight: 1, arbitrary: inQuotes },
);

/** Documents in which a scalar or two are values, items and keys, in blocks and in brackets. */
export const randomDocument: fc.Arbitrary<string> = fc
  .tuple(
    scalar,
    scalar,
    fc.constantFrom<(one: string, other: string) => string>(
      one => `x: ${one}\n`,
      one => `x:\n  - ${one}\n`,
      one => `x: [${one}]\n`,
      one => `x: {a: ${one}}\n`,
      one => `${one}: 1\n`,
      one => `x: {${one}: 1}\n`,
      one => `x:\n  ? ${one}\n  : 1\n`,
      (one, other) => `${one}: ${other}\n`,
      (one, other) => `x: {${one}: ${other}}\n`,
      (one, other) => `x: [${one}, ${other}]\n`,
      (one, other) => `x:\n  ${one}: 1\n  ${other}: 2\n`,
    ),
  )
  .map(([one, other, write]) => write(one, other));

/** Texts that were read as another value if they were written as they are. */
export const randomText: fc.Arbitrary<string> = fc.oneof(
  plain,
  tagged,
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...PIECES,
        '\n',
        '\t',
        '#',
        '"',
        "'",
        '|',
        '>',
        '{',
        '[',
        ']',
        '&',
        '*',
        '!',
        '?',
        '\u0085',
        '\u2028',
        '\ufeff',
        '\r',
        '\u007f',
      ),
      { maxLength: 6 },
    )
    .map(parts => parts.join('')),
);

export const randomNumber: fc.Arbitrary<number | bigint> = fc
  .oneof(
    fc.integer(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter(isExact)
      .map(value => value + 0),
    fc.constantFrom(
      0.1,
      1e6,
      1e20,
      1e22,
      1e23,
      1.5e300,
      5e-324,
      1.7976931348623157e308,
      123456789.5,
      1e-7,
      4.35,
      2 ** 53,
    ),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
  )
  .filter(value => typeof value === 'bigint' || isExact(value));

/** A whole number between 2^53 and 2^64 is read back as a bigint, so it is not a number in the first place. */
function isExact(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) > 2 ** 64;
}
