import { createHash } from 'node:crypto';

/** A JSON value. Integers beyond 2^53 are `bigint`, so that Kubernetes gets back what was written. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The path of a value in a document: object keys and array indices from the root down. */
export type Path = readonly (string | number)[];

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 6901. */
export function formatPointer(path: Path): string {
  let pointer = '';
  for (const step of path) pointer += `/${typeof step === 'number' ? step : escaped(step)}`;
  return pointer;
}

/** Few steps have a character to escape, and pointers are written for every field of thousands of objects. */
function escaped(step: string): string {
  return step.includes('/') || step.includes('~') ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step;
}

/** RFC 6901; steps stay text, since only the document knows whether `0` is an index or a key. */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at `path`, or undefined where the document ends earlier. */
export function valueAt(value: JsonValue, path: Path): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of path) {
    if (Array.isArray(current)) current = (current as readonly JsonValue[])[Number(step)];
    else if (isJsonObject(current) && Object.hasOwn(current, String(step))) current = current[String(step)];
    else return undefined;
  }
  return current;
}

/** Only texts that hold such a number pay for a reviver; digits within a string, as a digest has them, do not count. */
const LONG_NUMBER = /(?:^|"\s*:|[[,])\s*-?\d{16}/;

type ReviverContext = { readonly source?: string };

/** `JSON.parse` that keeps integers beyond 2^53 exact. @throws SyntaxError */
export function parseJson(text: string): JsonValue {
  const exact = (_key: string, value: unknown, context?: ReviverContext): unknown =>
    typeof value === 'number' &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? value)
      : value;
  return LONG_NUMBER.test(text) ? JSON.parse(text, exact as never) : JSON.parse(text);
}

/** The same; undefined for what is not JSON. */
export function parseJsonIfAny(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** `JSON.stringify` that writes a `bigint` as the integer that it is. */
export function stringifyJson(value: unknown, indent?: number): string {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return JSON.stringify(
    value,
    (_key, item) => (typeof item === 'bigint' ? rawJSON(item.toString()) : item),
    indent,
  );
}

/** The text whose bytes digests are taken over: keys sorted by code unit, no white space (RFC 8785 for the values we have). */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) {
    let items = '';
    for (const item of value as readonly JsonValue[])
      items += items === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
    return `[${items}]`;
  }
  if (!isJsonObject(value)) return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
  let members = '';
  for (const key of sortKeys(Object.keys(value))) {
    const member = `${JSON.stringify(key)}:${canonicalJson(value[key] as JsonValue)}`;
    members += members === '' ? member : `,${member}`;
  }
  return `{${members}}`;
}

/** More keys than objects of Kubernetes have in a map, a few large ones apart. */
const FEW = 16;

/** Puts keys in the order of their code units, in place. Most objects have few, which is done without a copy of them. */
export function sortKeys(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] as string;
    let at = end;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

/** `sha256:<64 hex digits>` of a text or bytes, OCI's form of a digest. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** The entries of a map whose values are text, as labels and annotations are; all others are left out. */
export function textMap(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
