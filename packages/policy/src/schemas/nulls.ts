import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import type { KindSchema, Schema } from './schema.ts';
import { fieldName, type SchemaProblem } from './validate.ts';

/**
 * Nulls of a custom resource that server-side apply refuses. A create would remove them before it validates, but an applied manifest is
 * merged first, and only a default replaces a null then.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/algorithm.go
 */
export function nullProblems(
  object: JsonObject,
  { schema, builtIn, dropsStatus }: KindSchema,
): SchemaProblem[] {
  if (builtIn || schema.form !== 'object') return [];
  const left = new Set(['metadata', ...(dropsStatus ? ['status'] : [])]);
  const entries = Object.entries(object).filter(([key]) => !left.has(key));
  return nullsIn(Object.fromEntries(entries), schema, []);
}

function nullsIn(value: JsonValue, schema: Schema, path: Path): SchemaProblem[] {
  if (schema.form === 'list' && Array.isArray(value))
    return value.flatMap((item: JsonValue, index) => nullsAt(item, schema.items, [...path, index], false));
  if (!isJsonObject(value)) return [];
  if (schema.form === 'map')
    return Object.entries(value).flatMap(([key, item]) =>
      nullsAt(item as JsonValue, schema.values, [...path, key], false),
    );
  // A type with a name is one of Kubernetes' own, which takes null for absent.
  if (schema.form !== 'object' || schema.name !== '') return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const property = schema.properties.get(key);
    const hasDefault = property?.fallback !== undefined;
    const isMetadata = schema.embedded === true && key === 'metadata';
    return property === undefined || isMetadata
      ? []
      : nullsAt(item as JsonValue, property.schema, [...path, key], hasDefault);
  });
}

function nullsAt(value: JsonValue, schema: Schema, path: Path, hasDefault: boolean): SchemaProblem[] {
  if (value !== null) return nullsIn(value, schema, path);
  const { form, limits } = schema;
  // Null is never among the values of an enum, not even of a nullable one that lists it.
  if (limits?.nullable === true) return limits.enum === undefined ? [] : [nullProblem(path)];
  return form !== 'any' && !hasDefault ? [nullProblem(path)] : [];
}

function nullProblem(path: Path): SchemaProblem {
  return {
    rule: 'schema/wrong-type',
    message: `${fieldName(path)} must not be null`,
    fix: 'remove it, or give it a value',
    path,
  };
}
