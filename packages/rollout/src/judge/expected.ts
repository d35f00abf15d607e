import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  quote,
} from '@slipway/core';
import { type KubernetesObject, sameQuantity } from '@slipway/kubernetes';

/** Parts of an object that its manifest does not decide. */
const NOT_COMPARED = new Set(['apiVersion', 'kind', 'metadata', 'status']);
/** Fields of which only the entries in the manifest are compared; the tool that created the object may have added others. */
const METADATA = ['labels', 'annotations'];
/** Keys that identify the items of a list; the first that all of them have is used. */
const ITEM_KEYS = ['name', 'containerPort', 'port', 'mountPath', 'key', 'ip', 'type'] as const;

/**
 * Where a live object differs from its manifest, as half a sentence; undefined where it does not. The live object may have more:
 * defaults, and what others have added.
 */
export function difference(expected: KubernetesObject, live: KubernetesObject): string | undefined {
  const fields = Object.keys(expected).filter(key => !NOT_COMPARED.has(key));
  return (
    inFields(expected, live, fields, []) ??
    inFields(expected.metadata as JsonObject, live.metadata as JsonObject, METADATA, ['metadata'])
  );
}

function inFields(
  expected: JsonObject,
  live: JsonObject,
  keys: readonly string[],
  path: Path,
): string | undefined {
  for (const key of keys) {
    const found = inValue(expected[key], live[key], [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inValue(
  expected: JsonValue | undefined,
  live: JsonValue | undefined,
  path: Path,
): string | undefined {
  if (isNothing(expected)) return undefined;
  if (isJsonObject(expected))
    return isJsonObject(live)
      ? inFields(expected, live, Object.keys(expected), path)
      : differs(expected, live, path);
  if (Array.isArray(expected))
    return Array.isArray(live) ? inList(expected, live, path) : differs(expected, live, path);
  return isEqual(expected as JsonValue, live, path) ? undefined : differs(expected as JsonValue, live, path);
}

/** The API server drops what is empty. */
function isNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.values(value).every(isNothing);
}

function inList(expected: readonly JsonValue[], live: readonly JsonValue[], path: Path): string | undefined {
  const key = ITEM_KEYS.find(name => expected.every(item => isJsonObject(item) && name in item));
  if (key === undefined && expected.length !== live.length) return differs(expected, live, path);
  for (const [index, item] of expected.entries()) {
    const other =
      key === undefined ? live[index] : live.find(candidate => keyIn(candidate, key) === keyIn(item, key));
    const found = inValue(item, other, [...path, index]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function keyIn(item: JsonValue, key: string): JsonValue | undefined {
  return isJsonObject(item) ? item[key] : undefined;
}

function isEqual(expected: JsonValue, live: JsonValue | undefined, path: Path): boolean {
  return expected === live || sameQuantity(expected, live, path);
}

function differs(expected: JsonValue, live: JsonValue | undefined, path: Path): string {
  const is = live === undefined ? 'is missing' : isPlain(live) ? `is ${quote(String(live))}` : 'differs';
  const wanted = isPlain(expected) ? `, not ${quote(String(expected))}` : '';
  return `${formatPointer(path)} ${is}${live === undefined ? '' : wanted}`;
}

function isPlain(value: JsonValue): boolean {
  return typeof value !== 'object';
}
