import {
  boolType,
  type CelType,
  doubleType,
  dynType,
  escapeName,
  expressionType,
  intType,
  lazyObjectType,
  listOf,
  mapOf,
  stringType,
  withObjectFields,
} from '@slipway/cel';
import type { KindSchema, ObjectSchema, ScalarType, Schema } from '../schemas/schema.ts';

const scalarTypes: Readonly<Record<ScalarType, CelType>> = {
  text: stringType,
  boolean: boolType,
  integer: intType,
  int32: intType,
  number: doubleType,
  // Policies see these as text, whatever their schemas say; an API server warns of the opposite.
  quantity: dynType,
  time: dynType,
  base64: dynType,
  'int-or-text': dynType,
};

const known = new WeakMap<KindSchema, CelType>();

/** The type of an object of a kind in expressions whose types are checked against its schema. */
export function typeOfKind(kind: KindSchema): CelType {
  const found = known.get(kind) ?? makeType(kind);
  known.set(kind, found);
  return found;
}

function makeType({ kind, schema, source }: KindSchema): CelType {
  if (source !== undefined) return expressionType(withObjectFields(source), kind) ?? dynType;
  return schema.form === 'object' ? typeOfObject(schema, kind, new Map()) : dynType;
}

/** @param made the types that exist already, by schema, because types may contain themselves */
function typeOf(schema: Schema, name: string, made: Map<ObjectSchema, CelType>): CelType {
  switch (schema.form) {
    case 'scalar':
      return scalarTypes[schema.type];
    case 'list':
      return listOf(typeOf(schema.items, `${name}.@items`, made));
    case 'map':
      return mapOf(stringType, typeOf(schema.values, `${name}.@values`, made));
    case 'object':
      return typeOfObject(schema, name, made);
    default:
      return dynType;
  }
}

function typeOfObject(schema: ObjectSchema, name: string, made: Map<ObjectSchema, CelType>): CelType {
  const before = made.get(schema);
  if (before !== undefined) return before;
  const type = lazyObjectType(name, () => {
    const fields = new Map<string, CelType>();
    for (const [field, property] of schema.properties) {
      const escaped = escapeName(field);
      if (escaped !== undefined) fields.set(escaped, typeOf(property.schema, `${name}.${field}`, made));
    }
    return fields;
  });
  made.set(schema, type);
  return type;
}
