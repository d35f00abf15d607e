import { describe, expect, it } from '@jest/globals';
import * as core from '@slipway/core';
import { Ajv, type ErrorObject } from 'ajv';
import fc from 'fast-check';
import type { Schema, SchemaError } from '../src/json-schema/schema-error.ts';
import { KNOWN_KEYWORDS, schemaErrors } from '../src/json-schema/schema-errors.ts';

const SEED = Math.floor(Math.random() * 2 ** 31);

const schemas = Object.values<unknown>({ ...core }).filter(
  (value): value is core.FormatSchema => core.isJsonObject(value) && '$id' in value,
);

/** Values that some rule of a format may ask for, so that random documents get past its first field. */
const TEXTS = [
  '',
  'a',
  'shop',
  '30s',
  '20%',
  '1.36',
  '/health',
  'name:web',
  'ghcr.io/acme/shop',
  'a/b',
  '𝒳y',
];
const anything = fc.jsonValue({ maxDepth: 2 });

/** Documents that mostly follow a schema, with faults here and there. */
function documentsOf(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: following(schema) }, { weight: 1, arbitrary: anything });
}

function following(schema: Schema): fc.Arbitrary<unknown> {
  const [first, ...rest] = ['anyOf', 'oneOf', 'then', 'else'].flatMap(keyword =>
    list(schema[keyword]).map(branch => following(joined(schema, branch))),
  );
  if (first !== undefined) return fc.oneof(first, ...rest);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  switch ([schema['type']].flat()[0]) {
    case 'object':
      return objectsOf(schema);
    case 'array':
      return fc.array(documentsOf(map(schema['items'])), { maxLength: 3 });
    case 'integer':
      return fc.oneof(fc.integer({ min: -2, max: 120 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.oneof(fc.constantFrom(...TEXTS), fc.constant('sha256:'.padEnd(71, 'a')), fc.string());
    default:
      return 'properties' in schema ? objectsOf(schema) : anything;
  }
}

/** A schema with one of its branches taken for granted. */
function joined(schema: Schema, branch: Schema): Schema {
  const own = Object.entries(schema).filter(([key]) => !['anyOf', 'oneOf', 'then', 'else'].includes(key));
  const properties = { ...map(schema['properties']), ...map(branch['properties']) };
  return { ...Object.fromEntries(own), ...branch, properties };
}

function objectsOf(schema: Schema): fc.Arbitrary<unknown> {
  const known = Object.entries(map(schema['properties'])).map(
    ([key, value]) => [key, documentsOf(map(value))] as const,
  );
  const required = list(schema['required'] as never) as unknown as string[];
  const fields = fc.record(Object.fromEntries(known), {
    requiredKeys: required.filter(key => known.some(([name]) => name === key)),
  });
  const others = fc.dictionary(
    fc.constantFrom('extra', 'Not-A-Name', 'web', 'x/y~z'),
    documentsOf(map(schema['additionalProperties'])),
    { maxKeys: 2 },
  );
  const whole = fc.tuple(fields, others).map(([one, other]) => ({ ...other, ...one }));
  const lacking = fc.tuple(whole, fc.nat()).map(([value, index]) => {
    const keys = Object.keys(value);
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== keys[index % keys.length]));
  });
  return 'additionalProperties' in schema && schema['additionalProperties'] === false
    ? fc.oneof(
        { weight: 6, arbitrary: fields },
        { weight: 1, arbitrary: whole },
        { weight: 1, arbitrary: lacking },
      )
    : fc.oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: lacking });
}

function map(value: unknown): Schema {
  return core.isJsonObject(value) ? (value as Schema) : {};
}

function list(value: unknown): Schema[] {
  return value === undefined ? [] : ([value].flat() as Schema[]);
}

const told = ({
  keyword,
  instancePath,
  propertyName,
  message,
  params,
  schema,
  parentSchema,
  data,
  schemaPath,
}: SchemaError | ErrorObject) => ({
  ...{ keyword, instancePath, propertyName, message, params, schema, parentSchema, data },
  // Only these parts of the path are read.
  within: schemaPath.match(/\/(?:anyOf|oneOf|if|then|else)(?:\/\d+)?(?=\/)/g) ?? [],
});

describe(`what a document breaks of its schema is what ajv says (seed ${SEED})`, () => {
  it.each(schemas.map(schema => [schema.title, schema] as const))('%s', (_title, schema) => {
    const options = { discriminator: true, verbose: true, strict: false, validateSchema: false } as const;
    const [all, first] = [true, false].map(allErrors => new Ajv({ ...options, allErrors }).compile(schema));
    let faulty = 0;
    fc.assert(
      fc.property(documentsOf(schema as unknown as Schema), document => {
        const expected = all?.(document) ? [] : (all?.errors ?? []);
        faulty += expected.length;
        expect(schemaErrors(schema as never, document, 'all').map(told)).toEqual(expected.map(told));
        const one = first?.(document) ? [] : (first?.errors ?? []);
        expect(schemaErrors(schema as never, document, 'first').map(told)).toEqual(one.map(told));
      }),
      { seed: SEED, numRuns: 40, endOnFailure: true },
    );
    expect(faulty).toBeGreaterThan(10);
  });
});

describe('the keywords of a schema', () => {
  it.each(schemas.map(schema => [schema.title, schema] as const))('are known: %s', (_title, schema) => {
    expect(keywordsOf(schema as unknown as Schema).filter(keyword => !KNOWN_KEYWORDS.has(keyword))).toEqual(
      [],
    );
  });
});

function keywordsOf(schema: Schema): string[] {
  const nested = [
    ...Object.values(map(schema['properties'])),
    ...['items', 'additionalProperties', 'propertyNames', 'if', 'then', 'else'].map(key => schema[key]),
    ...[...list(schema['anyOf']), ...list(schema['oneOf'])],
  ];
  return [
    ...Object.keys(schema),
    ...nested.filter(core.isJsonObject).flatMap(one => keywordsOf(one as Schema)),
  ];
}
