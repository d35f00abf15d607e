import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { parseGoDuration, parseTimestamp } from '../functions/time.ts';
import { listsByType } from '../values/list-types.ts';
import { Double, fromJson, type Value } from '../values/values.ts';
import { escapeName } from './escape.ts';
import { embedded, propertiesOf } from './expression-type.ts';

/**
 * A value as the expressions of its schema see it: names escaped, texts of some formats converted to their type, fields that the
 * schema does not name left out. https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/common/valuesunstructured.go#L38
 */
export function expressionValue(value: JsonValue, schema: JsonObject): Value {
  if (value === null || schema['x-kubernetes-int-or-string'] === true) return fromJson(value);
  switch (schema['type']) {
    case 'array':
      return Array.isArray(value) ? listValue(value, schema) : value;
    case 'object':
      return isJsonObject(value) ? mapValue(value, schema) : value;
    case 'string':
      return typeof value === 'string' ? textValue(value, schema['format']) : value;
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? new Double(Number(value)) : value;
    default:
      return fromJson(value);
  }
}

function listValue(list: readonly JsonValue[], schema: JsonObject): Value {
  const items = isJsonObject(schema['items']) ? embedded(schema['items']) : {};
  const values = list.map(item => expressionValue(item, items));
  const keys = Array.isArray(schema['x-kubernetes-list-map-keys'])
    ? schema['x-kubernetes-list-map-keys'].map(key => escapeName(String(key)) ?? String(key))
    : [];
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') listsByType.set(values, { type: 'set' });
  if (type === 'map' && keys.length > 0) listsByType.set(values, { type: 'map', keys });
  return values;
}

function mapValue(map: JsonObject, schema: JsonObject): Value {
  const extra = schema['additionalProperties'];
  const made: Record<string, Value> = {};
  if (isJsonObject(extra) && !isJsonObject(schema['properties'])) {
    for (const [key, value] of Object.entries(map))
      define(made, key, expressionValue(value as JsonValue, embedded(extra)));
    return made as Value;
  }
  for (const [field, property] of Object.entries(propertiesOf(schema))) {
    const escaped = escapeName(field);
    // To expressions, a field that is null is absent.
    if (escaped !== undefined && Object.hasOwn(map, field) && map[field] !== null)
      define(made, escaped, expressionValue(map[field] as JsonValue, embedded(property)));
  }
  return made as Value;
}

function define(made: Record<string, Value>, key: string, value: Value): void {
  Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A malformed text stays text; the check against the schema reports it. */
function textValue(text: string, format: JsonValue | undefined): Value {
  try {
    if (format === 'duration') return parseGoDuration(text);
    if (format === 'date-time') return parseTimestamp(text.toUpperCase());
    if (format === 'date') return parseTimestamp(`${text}T00:00:00Z`);
  } catch {
    return text;
  }
  return format === 'byte' ? Buffer.from(text, 'base64') : text;
}
