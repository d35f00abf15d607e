import { canonicalJson, type JsonValue, sortKeys } from '@slipway/core';
import { type ScalarValue, type Span, setOwn, type YamlDocument } from '@slipway/yaml';
import type { Addressed } from '../values/address.ts';

/** Where a part of the result was written: a position in a stencil or patch, and the config entries that filled it. */
export interface Origin {
  readonly document: YamlDocument;
  readonly span: Span;
  readonly related: readonly Addressed<unknown>[];
  /** Whether rendering added it, beyond what was written at that position. */
  readonly isAdded?: true;
}

/** A stand-in within a text. */
export interface SealedWord {
  /** Without `secret.` in front. */
  readonly word: string;
  readonly standIn: string;
  /** The position of the placeholder. */
  readonly span: Span;
}

/** A value on its way from stencil to manifest, each part with its origin. */
export type Traced = TracedScalar | TracedList | TracedMap;

export interface TracedScalar {
  readonly kind: 'scalar';
  readonly value: ScalarValue;
  readonly origin: Origin;
  /** Whether a placeholder filled it; in the data of a Secret such a text is base64-encoded. */
  readonly isFilled?: true;
  /** Whether it differs in every release, as `${tag}` does. */
  readonly isPerRelease?: true;
  /** Whether a word in it has no value. That is reported already, so problems that follow from it are not. */
  readonly isBroken?: true;
  readonly sealed?: readonly SealedWord[];
}

export interface TracedList {
  readonly kind: 'list';
  readonly items: readonly Traced[];
  readonly origin: Origin;
}

export interface TracedMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, TracedEntry>;
  readonly origin: Origin;
}

export interface TracedEntry {
  readonly key: Origin;
  readonly value: Traced;
}

const UNRELATED: readonly Addressed<unknown>[] = [];

export function originOf(
  document: YamlDocument,
  span: Span,
  related: readonly Addressed<unknown>[] = UNRELATED,
): Origin {
  return { document, span, related };
}

export function positionOfOrigin({ document, span }: Origin) {
  return document.positionOfSpan(span);
}

/** The value at a path of map keys. */
export function tracedAt(traced: Traced, ...path: readonly string[]): Traced | undefined {
  let current: Traced | undefined = traced;
  for (const key of path) current = current?.kind === 'map' ? current.entries.get(key)?.value : undefined;
  return current;
}

/** The text at a path of map keys; undefined for anything else. */
export function textAt(traced: Traced, ...path: readonly string[]): string | undefined {
  const found = tracedAt(traced, ...path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

export function tracedToJson(traced: Traced): JsonValue {
  if (traced.kind === 'scalar') return traced.value;
  if (traced.kind === 'list') return traced.items.map(tracedToJson);
  const object: Record<string, JsonValue> = {};
  traced.entries.forEach(({ value }, key) => void setOwn(object, key, tracedToJson(value)));
  return object;
}

/** `canonicalJson(tracedToJson(traced))`, without the value in between. */
export function canonicalTraced(traced: Traced): string {
  if (traced.kind === 'scalar') return canonicalJson(traced.value);
  let parts = '';
  if (traced.kind === 'list') {
    for (const item of traced.items) parts += `${parts === '' ? '' : ','}${canonicalTraced(item)}`;
    return `[${parts}]`;
  }
  for (const key of sortKeys([...traced.entries.keys()])) {
    const value = traced.entries.get(key)?.value;
    if (value !== undefined)
      parts += `${parts === '' ? '' : ','}${canonicalJson(key)}:${canonicalTraced(value)}`;
  }
  return `{${parts}}`;
}

/** A copy of a map with some entries replaced or added, and those that are undefined removed. */
export function withEntries(
  map: TracedMap,
  changes: ReadonlyMap<string, TracedEntry | undefined>,
): TracedMap {
  const entries = new Map(map.entries);
  for (const [key, entry] of changes) {
    if (entry === undefined) entries.delete(key);
    else entries.set(key, entry);
  }
  return { ...map, entries };
}
