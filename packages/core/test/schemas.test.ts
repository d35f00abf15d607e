import { describe, expect, it } from '@jest/globals';
import * as core from '@slipway/core';
import { Ajv } from 'ajv';

const schemas = Object.entries<unknown>({ ...core }).filter(
  (entry): entry is [string, core.FormatSchema] =>
    entry[0].endsWith('Schema') && typeof entry[1] === 'object' && entry[1] !== null && '$id' in entry[1],
);

describe('the schemas', () => {
  it('are all there', () => {
    expect(schemas.length).toBeGreaterThanOrEqual(10);
  });

  it.each(schemas)(
    '%s keeps the strict rules of JSON Schema, which readers do not check again',
    (_name, schema) => {
      expect(() =>
        new Ajv({ strict: true, allowUnionTypes: true, discriminator: true }).compile(schema),
      ).not.toThrow();
    },
  );

  it('have an id each', () => {
    expect(new Set(schemas.map(([, schema]) => schema.$id)).size).toBe(schemas.length);
  });
});
