/*
 * Values of a schema, most of them right and near its limits, some of them just beyond: the same for a seed. They are JSON as text, as
 * numbers have forms there that JavaScript does not tell apart.
 */
import type { KubernetesObject } from '@slipway/kubernetes';
import { chance, mulberry32, pick } from './random.ts';
import { type Draft, FIELDS, type Random, WORDS } from './random-schemas.ts';

const OF_FORMATS: Readonly<Record<string, readonly string[]>> = {
  date: ['2024-02-29', '2023-02-29', '2024-1-1', ''],
  'date-time': [
    '2024-01-01T00:00:00Z',
    '2024-01-01T00:00:00.5+02:00',
    '2024-01-01 00:00:00Z',
    '2026-13-01T00:00:00Z',
    'x',
  ],
  datetime: ['2024-01-01T00:00:00Z', '2024-01-01'],
  duration: ['1h', '1h30m', '22 ns', '1 day', '-1s', '1', '0', 'x'],
  ipv4: ['1.2.3.4', '01.2.3.4', '1.2.3', '::1', '256.1.1.1'],
  ipv6: ['::1', '1.2.3.4', '::ffff:1.2.3.4', 'fe80::1%eth0', ':::'],
  cidr: ['10.0.0.0/8', '10.0.0.1/33', '::/0', '10.0.0.0', '1.2.3.4/08'],
  mac: ['00:11:22:33:44:55', '00-11-22-33-44-55', '0011.2233.4455', '00:11', '00:11-22:33:44:55'],
  uuid: ['123e4567-e89b-12d3-a456-426614174000', '123e4567e89b12d3a456426614174000', '123e4567'],
  uuid3: ['123e4567-e89b-32d3-a456-426614174000', '123e4567-e89b-42d3-a456-426614174000'],
  uuid4: ['123e4567-e89b-42d3-a456-426614174000', '123e4567-e89b-42d3-c456-426614174000'],
  uuid5: ['123e4567-e89b-52d3-a456-426614174000', '123E4567-E89B-52D3-B456-426614174000'],
  byte: ['YQ==', 'YWI=', 'YQ', '', '*', 'YR=='],
  hostname: ['a', 'a.example.com', 'a_b', '-a', 'a.b', 'é.example.com'],
  uri: ['https://a/b', 'a', '/a', 'a b', '%zz', ''],
  email: ['a@b', 'a@b.example.com', 'a', 'A <a@b>', '@b', 'a@b c'],
  hexcolor: ['#fff', '#ffff', 'FFFFFF', '#ggg'],
  ssn: ['123-45-6789', '123 45 6789', '123-4-6789'],
  bsonobjectid: ['507f1f77bcf86cd799439011', '507f1f77'],
  'k8s-short-name': ['a', 'A', 'a.b', '-a'],
  'k8s-long-name': ['a.b', 'A.b', 'a..b'],
};
const NUMBERS = [
  ...[
    '-2',
    '-1',
    '0',
    '1',
    '2',
    '3',
    '4',
    '10',
    '12',
    '0.5',
    '1.5',
    '2.5',
    '0.1',
    '0.29',
    '0.3',
    '1.0',
    '1e2',
    '-0',
    '-0.0',
  ],
  ...[
    '2147483647',
    '2147483648',
    '9007199254740993',
    '9223372036854775807',
    '9223372036854775808',
    '1e20',
    '1e39',
    '1e-7',
  ],
];
/** The more usual ones are at the beginning. */
const SMALL = 8;
const OTHERS = [
  'null',
  '"a"',
  '1',
  '1.5',
  'true',
  '[]',
  '{}',
  '["a"]',
  '{"a":1}',
  '[null]',
  '{"a":null}',
  '"1"',
  '"true"',
];

/** An object of a version of a definition, as text. @param slips how likely each value is beyond what its schema allows */
export function randomObject(definition: KubernetesObject, seed: number): string {
  const random = mulberry32(seed);
  const { group, names, versions } = definition['spec'] as Draft;
  const version = pick(random, versions as Draft[]);
  const schema = version['schema'].openAPIV3Schema;
  const values = new Values(random, pick(random, [0, 0, 0.03, 0.08]));
  const { apiVersion: _, kind: _kind, metadata: _metadata, ...properties } = schema.properties;
  const body = values.valid({ ...schema, properties });
  const metadata = JSON.stringify(metadataOf(random));
  const start = `{"apiVersion":"${group}/${version['name']}","kind":"${names.kind}","metadata":${metadata}`;
  return body === '{}' ? `${start}}` : `${start},${body.slice(1)}`;
}

function metadataOf(random: Random): Draft {
  const name = pick(random, ['one', 'one', 'one', 'one', 'two', 'o.1']);
  if (!chance(random, 0.08)) return { name };
  const more = [
    ...[{ labels: { a: 'b' } }, { labels: { a: 'b c' } }, { labels: { 'a b': 'c' } }, { labels: { a: 1 } }],
    ...[
      { annotations: { 'x/y': 'z' } },
      { annotations: { 'x/y/z': 'z' } },
      { nonsense: 1 },
      { labels: null },
    ],
    ...[{ finalizers: ['a/b'] }, { finalizers: ['a b'] }, { annotations: { a: null } }],
  ];
  return { name, ...pick(random, more) };
}

class Values {
  readonly #random: Random;
  readonly #slips: number;

  constructor(random: Random, slips: number) {
    this.#random = random;
    this.#slips = slips;
  }

  #chance(probability: number): boolean {
    return chance(this.#random, probability);
  }

  of(schema: Draft): string {
    if (this.#chance(this.#slips)) return this.#slip(schema);
    if (schema['nullable'] === true && this.#chance(0.2)) return 'null';
    return this.valid(schema);
  }

  /** Another value of the same type, or one of any. */
  #slip(schema: Draft): string {
    if (this.#chance(0.4)) return pick(this.#random, OTHERS);
    const { type } = schema;
    if (type === 'string') return JSON.stringify(pick(this.#random, [...WORDS, 'x'.repeat(13)]));
    if (type === 'integer' || type === 'number') return pick(this.#random, NUMBERS);
    return this.valid(schema);
  }

  valid(schema: Draft): string {
    if (Array.isArray(schema['enum'])) return JSON.stringify(pick(this.#random, schema['enum']));
    if (schema['x-kubernetes-int-or-string'] === true)
      return pick(this.#random, ['1', '2', '4', '"a"', '"ab"', '"b"', '"12"', '"abcd"', '0']);
    switch (schema['type']) {
      case 'string':
        return JSON.stringify(pick(this.#random, OF_FORMATS[schema['format']] ?? this.#words(schema)));
      case 'integer':
      case 'number':
        return this.#number(schema);
      case 'boolean':
        return pick(this.#random, ['true', 'false']);
      case 'array':
        return this.#list(schema);
      case 'object':
        return this.#map(schema);
      default:
        return pick(this.#random, ['1', '"a"', '{"b":[1]}', '[{}]', 'true']);
    }
  }

  /** Words that have the right length and pattern, if there are any. */
  #words({ minLength = 0, maxLength = 99, pattern = '' }: Draft): readonly string[] {
    const expression = new RegExp(pattern, 'u');
    const fits = (word: string): boolean =>
      expression.test(word) && [...word].length >= minLength && [...word].length <= maxLength;
    const right = [...WORDS, 'z'.repeat(minLength), 'z'.repeat(Math.min(maxLength, 9))].filter(fits);
    return right.length === 0 || this.#chance(0.05) ? WORDS : right;
  }

  #number({ type, minimum = -Infinity, maximum = Infinity, multipleOf }: Draft): string {
    const candidates = this.#chance(0.9) ? NUMBERS.slice(0, SMALL) : NUMBERS;
    const right = candidates.filter(
      text =>
        (type === 'number' || Number.isInteger(Number(text))) &&
        (multipleOf === undefined || this.#chance(0.1) || Number.isInteger(Number(text) / multipleOf)) &&
        Number(text) >= minimum &&
        Number(text) <= maximum,
    );
    return right.length === 0 ? '1' : pick(this.#random, right);
  }

  #list({ items, minItems = 0, maxItems = 3 }: Draft): string {
    const count = this.#count(minItems, maxItems);
    const list = Array.from({ length: count }, () => this.of(items));
    if (list.length > 0 && this.#chance(this.#slips)) list.push(list[0] as string);
    return `[${list.join(',')}]`;
  }

  #count(least: number, most: number): number {
    if (this.#chance(this.#slips))
      return pick(
        this.#random,
        [0, least - 1, most + 1].filter(count => count >= 0),
      );
    return least + Math.floor(this.#random() * (Math.max(0, most - least) + 1));
  }

  #map(schema: Draft): string {
    const {
      properties,
      required = [],
      additionalProperties: values,
      minProperties = 0,
      maxProperties = 3,
    } = schema;
    const entries: [string, string][] = [];
    if (schema['x-kubernetes-embedded-resource'] === true) entries.push(...this.#embedded());
    if (values !== undefined)
      for (const key of ['a', 'b', 'x-y', 'd'].slice(0, this.#count(minProperties, maxProperties)))
        entries.push([
          key,
          values === true ? pick(this.#random, ['1', '"a"', '[1]', 'null']) : this.of(values),
        ]);
    for (const [name, property] of Object.entries<Draft>(properties ?? {})) {
      const wanted = required.includes(name) ? 1 - this.#slips : 0.6;
      if (this.#chance(wanted)) entries.push([name, this.of(property)]);
    }
    const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
    if (this.#chance(isOpen ? 0.4 : this.#slips / 3)) entries.push([pick(this.#random, FIELDS), '"a"']);
    const unique = new Map(entries);
    return `{${[...unique].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  }

  #embedded(): [string, string][] {
    const right = { apiVersion: '"v1"', kind: '"Pod"', metadata: '{"name":"a"}' };
    const slips = [
      ...[
        ['apiVersion', '"a/b/c"'],
        ['apiVersion', '""'],
        ['kind', '"9"'],
        ['kind', '1'],
        ['kind', 'null'],
      ],
      ...[
        ['metadata', '{"name":"A_b"}'],
        ['metadata', '{"name":"a/b"}'],
        ['metadata', '{"labels":{"a":"b c"}}'],
      ],
      ...[
        ['metadata', '{"x":1}'],
        ['metadata', '{"labels":{"a":1}}'],
        ['metadata', 'null'],
        ['metadata', '"a"'],
      ],
    ] as const;
    const slip = this.#chance(this.#slips * 4)
      ? [pick(this.#random, slips) as never as [string, string]]
      : [];
    const entries = [...Object.entries(right), ...slip];
    return entries
      .filter(([key]) => key !== 'metadata' || this.#chance(0.8))
      .filter(() => !this.#chance(this.#slips));
  }
}
