import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/*
 * Fields as the API server decodes them: an absent field and null are the empty value of its type, also in lists. A value of another
 * type is read as empty too, since the schema has reported it.
 */

export function mapOfFields(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A text; undefined only if the field is absent or null, where the API server tells that from an empty one. */
export function optionalText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function text(value: JsonValue | undefined): string {
  return optionalText(value) ?? '';
}

export function texts(value: JsonValue | undefined): readonly string[] {
  return listOf(value, text);
}

/** The items of a list; none if there is no list. */
export function listOf<Item>(
  value: JsonValue | undefined,
  read: (item: JsonValue | undefined) => Item,
): readonly Item[] {
  return Array.isArray(value) ? value.map((item: JsonValue) => read(item)) : [];
}
