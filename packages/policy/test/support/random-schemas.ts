/*
 * Structural schemas: the same for a seed. Their limits are narrow, so that values come near them, and every list, map and text that a
 * rule could walk is bounded, so that no rule is refused for its estimated cost. Patterns and rules are harmless ones only.
 */
import { chance, pick } from './random.ts';
import { rulesOf } from './random-rules.ts';

export type Random = () => number;
/** A schema as it is put together; what it may hold is what definitions hold. */
// biome-ignore lint/suspicious/noExplicitAny: schemas of every form, wrong ones included
export type Draft = Record<string, any>;

/** Names of fields that expressions see under another name are among them. */
export const FIELDS: readonly string[] = [
  ...['a', 'b', 'c', 'name', 'type', 'port', 'x-y', 'namespace', 'if', 'a.b', 'c__d', 'kind', 'metadata'],
];
export const PATTERNS: readonly string[] = [
  '^[a-z]+$',
  '^a',
  'b$',
  '^[0-9]{1,3}$',
  '^(x|y)?$',
  '^\\S+$',
  'é',
];
export const FORMATS: readonly string[] = [
  ...['date', 'date-time', 'datetime', 'duration', 'ipv4', 'ipv6', 'cidr', 'mac', 'uuid', 'uuid3', 'uuid4'],
  ...['uuid5', 'byte', 'hostname', 'uri', 'email', 'hexcolor', 'ssn', 'bsonobjectid', 'password'],
  ...['k8s-short-name', 'k8s-long-name', 'nonsense', 'int32'],
];
export const WORDS: readonly string[] = ['a', 'b', 'ab', 'abc', 'x', '', 'é', '😀', 'A', '12', 'a b', 'bb'];
const MAX_TEXT = 12;

export function schemaOf(random: Random, depth: number): Draft {
  const schema = bare(random, depth);
  if (chance(random, 0.12)) schema['nullable'] = true;
  if (chance(random, 0.2)) addJunctor(schema, random);
  if (chance(random, 0.3)) addRules(schema, random);
  return schema;
}

function bare(random: Random, depth: number): Draft {
  const kinds = ['text', 'text', 'integer', 'integer', 'number', 'boolean', 'int-or-string', 'any'];
  const nested = ['object', 'object', 'object', 'list', 'list', 'set', 'keyed', 'map', 'map', 'embedded'];
  const kind = pick(random, depth > 0 ? [...kinds, ...nested, ...nested] : kinds);
  return makers[kind]?.(random, depth) ?? {};
}

const makers: Readonly<Record<string, (random: Random, depth: number) => Draft>> = {
  text,
  integer: random => numbers(random, 'integer'),
  number: random => numbers(random, 'number'),
  boolean: random => ({ type: 'boolean', ...(chance(random, 0.1) ? { enum: [true] } : {}) }),
  'int-or-string': intOrText,
  any: random => ({
    ...(chance(random, 0.5) ? { type: 'object' } : {}),
    'x-kubernetes-preserve-unknown-fields': true,
  }),
  object,
  list: (random, depth) => ({
    ...{ type: 'array', items: schemaOf(random, depth - 1), ...between(random, 'minItems', 'maxItems', 3) },
    ...(chance(random, 0.2) ? { 'x-kubernetes-list-type': 'atomic' } : {}),
  }),
  set: random => ({
    ...{ type: 'array', items: setItem(random), 'x-kubernetes-list-type': 'set' },
    ...between(random, 'minItems', 'maxItems', 3),
  }),
  keyed,
  map: (random, depth) => ({
    type: 'object',
    additionalProperties: chance(random, 0.15) ? true : schemaOf(random, depth - 1),
    ...between(random, 'minProperties', 'maxProperties', 3),
  }),
  embedded: (random, depth) => ({
    ...{ type: 'object', 'x-kubernetes-embedded-resource': true },
    ...(chance(random, 0.5)
      ? { 'x-kubernetes-preserve-unknown-fields': true }
      : { properties: { spec: schemaOf(random, depth - 1) } }),
  }),
};

/** Not numbers: to a server, a set of those with a whole number among them does not equal itself. */
function setItem(random: Random): Draft {
  return pick(random, [text, intOrText, () => numbers(random, 'integer')])(random);
}

function text(random: Random): Draft {
  const limits = pick(random, ['none', 'length', 'pattern', 'format', 'format', 'enum', 'both']);
  const hasPattern = limits === 'pattern' || limits === 'both';
  return {
    ...{ type: 'string', maxLength: MAX_TEXT },
    ...(limits === 'length' || limits === 'both' ? between(random, 'minLength', 'maxLength', 4) : {}),
    ...(hasPattern ? { pattern: pick(random, PATTERNS) } : {}),
    ...(limits === 'format' ? { format: pick(random, FORMATS), maxLength: 60 } : {}),
    ...(limits === 'enum' ? { enum: pick(random, [['a'], ['a', 'b'], ['x', ''], ['é', '😀']]) } : {}),
  };
}

function numbers(random: Random, type = pick(random, ['integer', 'number'])): Draft {
  const [low, high] = pick(random, [
    [0, 3],
    [-2, 2],
    [1, 1],
    [0.5, 2.5],
    [-10, 1e6],
  ] as const);
  const limits = pick(random, ['none', 'range', 'range', 'multiple', 'enum', 'format']);
  return {
    type,
    ...(limits === 'range' && chance(random, 0.8) ? { minimum: low } : {}),
    ...(limits === 'range' && chance(random, 0.8) ? { maximum: high } : {}),
    ...(limits === 'range' && chance(random, 0.2) ? { exclusiveMinimum: true } : {}),
    ...(limits === 'range' && chance(random, 0.2) ? { exclusiveMaximum: true } : {}),
    ...(limits === 'multiple' ? { multipleOf: pick(random, [2, 3, 0.5, 0.1, 0.01, 1.5, 10]) } : {}),
    ...(limits === 'enum' ? { enum: pick(random, [[1], [1, 2], [0, 10]]) } : {}),
    ...(limits === 'format'
      ? { format: pick(random, ['int32', 'int64', 'float', 'double', 'nonsense']) }
      : {}),
  };
}

function intOrText(random: Random): Draft {
  const both = [{ type: 'integer' }, { type: 'string' }];
  return {
    'x-kubernetes-int-or-string': true,
    ...pick(random, [
      {},
      { anyOf: both },
      { allOf: [{ anyOf: both }, pick(random, [{ minimum: 1 }, { pattern: '^a' }])] },
    ]),
    ...(chance(random, 0.3)
      ? pick(random, [{ maxLength: 3 }, { maximum: 3 }, { pattern: '^[0-9a-z]+$' }])
      : {}),
  };
}

/** Limits of a count, which at times leave nothing between them. */
function between(random: Random, least: string, most: string, high: number): Draft {
  return {
    ...(chance(random, 0.3) ? { [least]: pick(random, [0, 1, 1, 2]) } : {}),
    [most]: chance(random, 0.3) ? pick(random, [1, 2, 3]) : high,
  };
}

function object(random: Random, depth: number): Draft {
  const count = pick(random, [0, 1, 2, 2, 3, 4]);
  const properties: Draft = {};
  for (let index = 0; index < count; index += 1) {
    const name = pick(random, FIELDS);
    properties[name] = schemaOf(random, depth - 1);
    addDefault(properties[name], random);
  }
  const required = Object.keys(properties).filter(() => chance(random, 0.3));
  return {
    ...{ type: 'object', properties },
    ...(required.length > 0 ? { required } : {}),
    ...(chance(random, 0.1) ? { minProperties: 1 } : {}),
    ...(chance(random, 0.1) ? { maxProperties: 1 } : {}),
    ...(chance(random, 0.15) ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
    ...(chance(random, 0.1) ? { 'x-kubernetes-map-type': pick(random, ['atomic', 'granular']) } : {}),
  };
}

/** Most defaults are ones that their schema allows; the server refuses a definition with another. */
function addDefault(schema: Draft, random: Random): void {
  if (!chance(random, 0.25)) return;
  const { type, enum: allowed } = schema;
  const simple: Draft = { string: 'a', integer: 1, number: 1, boolean: true, object: {}, array: [] };
  const value = Array.isArray(allowed) ? allowed[0] : simple[String(type)];
  if (value !== undefined) schema['default'] = value;
}

function keyed(random: Random, depth: number): Draft {
  const keys = chance(random, 0.4) ? ['name', 'port'] : ['name'];
  const properties: Draft = {
    name: { type: 'string', maxLength: 5 },
    port: { type: 'integer', ...(chance(random, 0.5) ? { default: 1 } : {}) },
    value: schemaOf(random, depth - 1),
  };
  const required = keys.filter(key => properties[key].default === undefined || chance(random, 0.2));
  return {
    ...{ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys },
    items: { type: 'object', required, properties },
    ...between(random, 'minItems', 'maxItems', 3),
  };
}

function addJunctor(schema: Draft, random: Random): void {
  const word = pick(random, ['allOf', 'anyOf', 'oneOf', 'not']);
  if (schema[word] !== undefined) return;
  const one = () => fragmentOf(schema, random, 2);
  schema[word] = word === 'not' ? one() : [one(), ...(chance(random, 0.7) ? [one()] : [])];
}

/** What may be said of a value within a junctor: nothing of its type. */
export function fragmentOf(schema: Draft, random: Random, depth: number): Draft {
  if (depth > 0 && chance(random, 0.15)) return { not: fragmentOf(schema, random, depth - 1) };
  if (depth > 0 && chance(random, 0.1)) return { anyOf: [fragmentOf(schema, random, depth - 1)] };
  const { type, properties, items } = schema;
  if (type === 'string')
    return pick(random, [
      { minLength: 2 },
      { maxLength: 1 },
      { pattern: pick(random, PATTERNS) },
      { enum: ['a', 'b'] },
      { format: 'ipv4' },
    ]);
  if (type === 'integer' || type === 'number')
    return pick(random, [
      { minimum: 1 },
      { maximum: 1 },
      { multipleOf: 2 },
      { enum: [1, 2] },
      { minimum: 0, exclusiveMinimum: true },
    ]);
  if (type === 'array')
    return depth > 0 && chance(random, 0.5)
      ? { items: fragmentOf(items, random, depth - 1) }
      : pick(random, [{ minItems: 1 }, { maxItems: 1 }]);
  const names = Object.keys(properties ?? {}).filter(name => name !== 'metadata');
  if (names.length === 0) return pick(random, [{ minProperties: 1 }, { maxProperties: 1 }]);
  const name = pick(random, names);
  return depth > 0 && chance(random, 0.5)
    ? { properties: { [name]: fragmentOf(properties[name], random, depth - 1) } }
    : { required: [name] };
}

function addRules(schema: Draft, random: Random): void {
  const rules = rulesOf(schema, random);
  if (rules.length > 0) schema['x-kubernetes-validations'] = rules;
}
