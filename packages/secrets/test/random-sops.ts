import type { JsonObject, JsonValue } from '@slipway/core';
import fc from 'fast-check';

/** A file as someone might encrypt it. */
export interface RandomFile {
  readonly format: 'yaml' | 'json';
  readonly tree: JsonObject;
  /** What says which values are encrypted, as a rule of sops' configuration. */
  readonly rule: Readonly<Record<string, string | boolean>>;
  /** Whether the file has an entry for a key that no line names. */
  readonly hasForeignKey: boolean;
  /** Which of the values, and which bytes of the file, a test looks at. */
  readonly picks: readonly number[];
}

const NAMES = ['a', 'b', 'password', 'db_unencrypted', 'host_plain', 'ключ', 'with space', 'a.b', 'x1', '0'];
const TEXTS = [
  'p@ss',
  'two\nlines\n',
  ' x ',
  'true',
  '1.10',
  'ENC[x]',
  '"quoted"',
  'ü€𝄞',
  '# no comment',
  '-',
];

const scalar = fc.oneof(
  fc.constantFrom<JsonValue>(...TEXTS),
  fc.string({ maxLength: 20, unit: 'grapheme-ascii' }),
  fc.integer(),
  fc.constantFrom<JsonValue>(0, -1, 2 ** 40, 0.5, -12.25, true, false),
);
const names = fc.constantFrom(...NAMES);

const { tree } = fc.letrec<{ node: JsonValue; tree: JsonObject }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: tie('tree') },
  ),
  tree: fc.dictionary(names, tie('node'), { minKeys: 1, maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
}));

const RULES: readonly RandomFile['rule'][] = [
  {},
  { unencrypted_suffix: '_plain' },
  { encrypted_suffix: 'word' },
  { encrypted_regex: '^(?:a|password)$' },
  { unencrypted_regex: '^(?:b|x1)$' },
  { unencrypted_comment_regex: 'comment of [02]' },
].flatMap(rule => [rule, { ...rule, mac_only_encrypted: true }]);

/** The same files for the same seed. */
export function randomFiles(count: number, seed: number): RandomFile[] {
  const file = fc.record({
    format: fc.constantFrom('yaml' as const, 'json' as const),
    tree,
    rule: fc.constantFrom(...RULES),
    hasForeignKey: fc.boolean(),
    picks: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  });
  return fc.sample(file, { numRuns: count, seed });
}

/** The text of a file before it is encrypted; in YAML in block style, with comments. */
export function plainText({ format, tree: value }: Pick<RandomFile, 'format' | 'tree'>): string {
  return format === 'json' ? JSON.stringify(value, null, 2) : blockOf(value, '');
}

function blockOf(value: JsonValue, indent: string): string {
  const entries = Array.isArray(value)
    ? (value as JsonValue[]).map(item => ['-', item] as const)
    : Object.entries(value as JsonObject).map(([name, item]) => [`${JSON.stringify(name)}:`, item] as const);
  return entries
    .map(([mark, item], index) => {
      const comment = index % 2 === 0 ? `${indent}# a comment of ${index}\n` : '';
      if (typeof item !== 'object' || item === null)
        return `${comment}${indent}${mark} ${JSON.stringify(item)}\n`;
      return `${comment}${indent}${mark}\n${blockOf(item as JsonValue, `${indent}    `)}`;
    })
    .join('');
}
