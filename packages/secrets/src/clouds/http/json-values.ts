import type { JsonObject, JsonValue } from '@slipway/core';

/** Empty for everything but text. */
export function textIn(object: JsonObject, name: string): string {
  const value: JsonValue | undefined = object[name];
  return typeof value === 'string' ? value : '';
}

/** The first second of the year 10000, which RFC 3339 cannot write any more. */
export const LAST_SECOND = 253_402_300_800;

/** Seconds since 1970, as RFC 3339; undefined for everything else. */
export function timeIn(object: JsonObject, name: string): string | undefined {
  const seconds = Number(object[name] ?? Number.NaN);
  return seconds > 0 && seconds < LAST_SECOND ? new Date(seconds * 1_000).toISOString() : undefined;
}

/** What an answer has as base64, as RFC 4648 writes it; undefined for nothing, and for anything else, of which Node.js reads a part. */
export function bytesOfBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}
