import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';

/** A part of the file. */
export interface Field {
  readonly value: JsonValue;
  readonly path: Path;
}

/** The fields of a map, empty for everything else. */
export function fieldsOf({ value, path }: Field): [string, Field][] {
  return Object.entries(objectOf(value)).map(([key, inner]) => [key, { value: inner, path: [...path, key] }]);
}

export function fieldOf(field: Field, key: string): Field | undefined {
  const value = objectOf(field.value)[key];
  return value === undefined || value === null ? undefined : { value, path: [...field.path, key] };
}

/** The items of a list; one that is not a list is its only item. */
export function itemsOf({ value, path }: Field): Field[] {
  if (!Array.isArray(value)) return value === null ? [] : [{ value, path }];
  return value.map((item, index) => ({ value: item, path: [...path, index] }));
}

function objectOf(value: JsonValue): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A map, or a list of `NAME=value`, where one without a value has none. */
export function pairsOf(field: Field): [string, Field][] {
  if (!Array.isArray(field.value)) return fieldsOf(field);
  return itemsOf(field).map(({ value, path }) => {
    const [, name = '', after] = /^([^=]*)(?:=(.*))?$/s.exec(String(value)) ?? [];
    return [name, { value: after ?? null, path }];
  });
}
