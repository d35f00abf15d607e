import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  quote,
} from '@slipway/core';
import {
  builtInListType,
  itemKey,
  itemsByKey,
  type Kind,
  type KubernetesObject,
  type ListKey,
  sameQuantity,
} from '@slipway/kubernetes';

/** Parts of an object that its manifest does not decide. */
const NOT_COMPARED = new Set(['apiVersion', 'kind', 'metadata', 'status']);
/** Fields of which only the entries in the manifest are compared; the tool that created the object may have added others. */
const METADATA = ['labels', 'annotations'];
/**
 * Where a live object differs from its manifest, as half a sentence; undefined where it does not. The live object may have more:
 * defaults, and what others have added.
 */
export function difference(expected: KubernetesObject, live: KubernetesObject): string | undefined {
  const fields = Object.keys(expected).filter(key => !NOT_COMPARED.has(key));
  return (
    inFields(expected, expected, live, fields, []) ??
    inFields(expected, expected.metadata as JsonObject, live.metadata as JsonObject, METADATA, ['metadata'])
  );
}

function inFields(
  kind: Kind,
  expected: JsonObject,
  live: JsonObject,
  keys: readonly string[],
  path: Path,
): string | undefined {
  for (const key of keys) {
    const found = inValue(kind, expected[key], live[key], [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inValue(
  kind: Kind,
  expected: JsonValue | undefined,
  live: JsonValue | undefined,
  path: Path,
): string | undefined {
  if (isNothing(expected)) return undefined;
  if (isJsonObject(expected))
    return isJsonObject(live)
      ? inFields(kind, expected, live, Object.keys(expected), path)
      : differs(expected, live, path);
  if (Array.isArray(expected))
    return Array.isArray(live) ? inList(kind, expected, live, path) : differs(expected, live, path);
  const wanted = expected as JsonValue;
  return wanted === live || sameQuantity(wanted, live, kind, path) ? undefined : differs(wanted, live, path);
}

/** The API server drops what is empty. */
function isNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.values(value).every(isNothing);
}

/** Others may add items to a list that is merged item by item; ours must be there, in our order. */
function inList(
  kind: Kind,
  expected: readonly JsonValue[],
  live: readonly JsonValue[],
  path: Path,
): string | undefined {
  const type = builtInListType(kind, path);
  if (type === 'atomic' && expected.length !== live.length) return differs(expected, live, path);
  const keys = typeof type === 'string' || type === undefined ? undefined : type;
  if (keys !== undefined) return inKeyedList(kind, expected, live, keys, path);
  // The definition of a custom resource, which is not known here, may let others add items too.
  return type === 'atomic'
    ? byIndex(kind, expected, live, path)
    : inOrder(kind, expected, live, path, type === 'set');
}

function byIndex(
  kind: Kind,
  expected: readonly JsonValue[],
  live: readonly JsonValue[],
  path: Path,
): string | undefined {
  for (const [index, item] of expected.entries()) {
    const found = inValue(kind, item, live[index], [...path, index]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inOrder(
  kind: Kind,
  expected: readonly JsonValue[],
  live: readonly JsonValue[],
  path: Path,
  anyOrder: boolean,
): string | undefined {
  let from = 0;
  for (const [index, item] of expected.entries()) {
    const at = live.findIndex(
      (other, position) => position >= from && inValue(kind, item, other, [...path, index]) === undefined,
    );
    if (at < 0) return byIndex(kind, expected, live, path) ?? differs(expected, live, path);
    if (!anyOrder) from = at + 1;
  }
  return undefined;
}

function inKeyedList(
  kind: Kind,
  expected: readonly JsonValue[],
  live: readonly JsonValue[],
  keys: readonly ListKey[],
  path: Path,
): string | undefined {
  const theirs = itemsByKey(live, keys);
  let last = -1;
  for (const [index, item] of expected.entries()) {
    const key = itemKey(item, keys);
    const other = key === undefined ? undefined : theirs?.get(key);
    const found = inValue(kind, item, other?.item, [...path, index]);
    if (found !== undefined) return found;
    if (other !== undefined && other.index < last) return `${formatPointer(path)} has another order`;
    last = other?.index ?? last;
  }
  return undefined;
}

function differs(expected: JsonValue, live: JsonValue | undefined, path: Path): string {
  const is = live === undefined ? 'is missing' : isPlain(live) ? `is ${quote(String(live))}` : 'differs';
  const wanted = isPlain(expected) ? `, not ${quote(String(expected))}` : '';
  return `${formatPointer(path)} ${is}${live === undefined ? '' : wanted}`;
}

function isPlain(value: JsonValue): boolean {
  return typeof value !== 'object';
}
