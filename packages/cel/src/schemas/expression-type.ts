import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  objectType,
  stringType,
  timestampType,
} from '../types/types.ts';
import { escapeName } from './escape.ts';

/** The schemas of `apiVersion`, `kind` and `metadata`, which every object has whether its schema names them or not. */
export const OBJECT_FIELDS: JsonObject = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: {
    type: 'object',
    properties: { name: { type: 'string' }, generateName: { type: 'string' } },
  },
};

const textTypes: Readonly<Record<string, CelType>> = {
  byte: bytesType,
  duration: durationType,
  date: timestampType,
  'date-time': timestampType,
};

/** The schema with the fields that every object has. */
export function withObjectFields(schema: JsonObject): JsonObject {
  const own = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return { ...schema, type: 'object', properties: { ...own, ...OBJECT_FIELDS } };
}

/**
 * The type of a value in the expressions of its structural schema; undefined for what they can't see, such as a value of any type.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/common/schemas.go#L38
 * @param name unique name of the type: its path from `self`
 */
export function expressionType(schema: JsonObject, name: string): CelType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return dynType;
  switch (schema['type']) {
    case 'array':
      return listType(schema['items'], name);
    case 'object':
      return mapType(schema, name);
    case 'string':
      return textTypes[String(schema['format'] ?? '')] ?? stringType;
    case 'boolean':
      return boolType;
    case 'number':
      return doubleType;
    case 'integer':
      return intType;
    default:
      return undefined;
  }
}

function listType(items: JsonValue | undefined, name: string): CelType | undefined {
  const inner = isJsonObject(items) ? expressionType(embedded(items), `${name}.@items`) : undefined;
  return inner === undefined ? undefined : listOf(inner);
}

function mapType(schema: JsonObject, name: string): CelType | undefined {
  const extra = schema['additionalProperties'];
  if (isJsonObject(extra)) {
    const values = expressionType(embedded(extra), `${name}.@values`);
    return values === undefined ? undefined : mapOf(stringType, values);
  }
  const fields: Record<string, CelType> = {};
  for (const [field, property] of Object.entries(propertiesOf(schema))) {
    const escaped = escapeName(field);
    const type = expressionType(embedded(property), `${name}.${field}`);
    if (escaped !== undefined && type !== undefined) fields[escaped] = type;
  }
  return objectType(name, fields);
}

export function propertiesOf(schema: JsonObject): Readonly<Record<string, JsonObject>> {
  const { properties } = schema;
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) =>
      isJsonObject(property) ? [[name, property]] : [],
    ),
  );
}

/** The schema of a value; an embedded object has the fields that every object has. */
export function embedded(schema: JsonObject): JsonObject {
  return schema['x-kubernetes-embedded-resource'] === true ? withObjectFields(schema) : schema;
}
