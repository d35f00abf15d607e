import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { ObjectSchema, Property, Schema } from './schema.ts';

/**
 * A custom resource as the API server checks it: nulls that the schema does not allow are removed, or replaced by defaults, and
 * defaults are filled in. The result shares what does not change with the object.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/algorithm.go
 */
export function withDefaults(value: JsonValue, schema: Schema): JsonValue {
  if (schema.form === 'list')
    return Array.isArray(value) ? value.map((item: JsonValue) => withDefaults(item, schema.items)) : value;
  if (!isJsonObject(value)) return value;
  if (schema.form === 'map') return mapWithDefaults(value, schema.values);
  return schema.form === 'object' ? objectWithDefaults(value, schema) : value;
}

function mapWithDefaults(value: JsonObject, values: Schema): JsonObject {
  const isKept = (item: JsonValue): boolean => item !== null || allowsNull(values);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => isKept(item as JsonValue))
      .map(([key, item]) => [key, withDefaults(item as JsonValue, values)]),
  );
}

function objectWithDefaults(value: JsonObject, { properties }: ObjectSchema): JsonObject {
  const written = Object.entries(value).flatMap(([key, item]) => {
    const property = properties.get(key);
    const isRemoved = item === null && property !== undefined && !allowsNull(property.schema);
    return isRemoved ? [] : [[key, item as JsonValue] as const];
  });
  const names = new Set(written.map(([key]) => key));
  const added = [...properties].flatMap(([key, { fallback }]: readonly [string, Property]) =>
    fallback === undefined || names.has(key) ? [] : [[key, fallback as JsonValue] as const],
  );
  return Object.fromEntries(
    [...written, ...added].map(([key, item]) => {
      const property = properties.get(key);
      return [key, property === undefined ? item : withDefaults(item, property.schema)];
    }),
  );
}

/** Where nothing is known of a value, null is one. */
function allowsNull({ form, limits }: Schema): boolean {
  return limits?.nullable === true || (form === 'any' && limits === undefined);
}
