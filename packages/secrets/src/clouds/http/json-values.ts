import type { JsonObject, JsonValue } from '@slipway/core';

/** Empty for everything but text. */
export function textIn(object: JsonObject, name: string): string {
  const value: JsonValue | undefined = object[name];
  return typeof value === 'string' ? value : '';
}

/** The last second that a date can have. */
const LAST = 8.64e12;

/** Seconds since 1970, as RFC 3339; undefined for everything else. */
export function timeIn(object: JsonObject, name: string): string | undefined {
  const seconds = Number(object[name] ?? Number.NaN);
  return seconds > 0 && seconds < LAST ? new Date(seconds * 1_000).toISOString() : undefined;
}
