import type { JsonValue, Path, Position, SourceDocument } from '@slipway/core';
import { DocumentComments } from './comments.ts';
import type { DuplicateKey } from './duplicate-key.ts';
import type { Lines } from './lines.ts';
import type { Span, YamlNode, YamlScalar } from './node.ts';

export interface YamlDocument extends SourceDocument {
  readonly root: YamlNode;
  readonly duplicateKeys: readonly DuplicateKey[];
  /** The text of the whole file, into which the nodes' offsets point. */
  readonly source: string;
  /** Whether its text may be passed on as it was written, with values spliced in. */
  readonly isRegular: boolean;
  /** @returns the position of a part of the document in its file */
  positionOfSpan(span: Span): Position;
  readonly comments: DocumentComments;
}

interface Parts {
  readonly path: string;
  readonly index: number;
  readonly root: YamlNode;
  readonly source: string;
  readonly lines: Lines;
  readonly isRegular: boolean;
  readonly duplicateKeys: readonly DuplicateKey[];
}

export class ParsedDocument implements YamlDocument {
  readonly path: string;
  readonly index: number;
  readonly root: YamlNode;
  readonly source: string;
  readonly duplicateKeys: readonly DuplicateKey[];
  readonly isRegular: boolean;
  readonly #lines: Lines;
  #comments: DocumentComments | undefined;
  #value: JsonValue | undefined;

  constructor(parts: Parts) {
    this.path = parts.path;
    this.index = parts.index;
    this.root = parts.root;
    this.source = parts.source;
    this.duplicateKeys = parts.duplicateKeys;
    this.isRegular = parts.isRegular;
    this.#lines = parts.lines;
  }

  get value(): JsonValue {
    this.#value ??= toJson(this.root);
    return this.#value;
  }

  get comments(): DocumentComments {
    this.#comments ??= new DocumentComments(this.source, this.root);
    return this.#comments;
  }

  positionOfSpan(span: Span): Position {
    return this.#lines.positionOf({ start: span.start, end: this.#beforeLineEnd(span) });
  }

  /** A block scalar extends to the line after it, but a position must not end there: an editor would mark that line too. */
  #beforeLineEnd({ start, end }: Span): number {
    let last = end;
    while (last > start && '\r\n'.includes(this.source.charAt(last - 1))) last--;
    return last;
  }

  positionOf(path: Path): Position {
    return this.positionOfSpan(nodeAt(this.root, path).node);
  }

  keyPositionOf(path: Path): Position {
    const { node, key } = nodeAt(this.root, path);
    return this.positionOfSpan(key ?? node);
  }
}

/** The node at `path` with its key, or the nearest one above where the document has no such path. */
export function nodeAt(root: YamlNode, path: Path): { node: YamlNode; key: YamlScalar | undefined } {
  let node = root;
  let key: YamlScalar | undefined;
  for (const step of path) {
    const entry = node.kind === 'map' ? node.entries.get(String(step)) : undefined;
    const child = node.kind === 'list' ? node.items[Number(step)] : entry?.value;
    if (child === undefined) break;
    node = child;
    key = entry?.key;
  }
  return { node, key };
}

/** The value that Kubernetes sees. */
export function toJson(node: YamlNode): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  const object: Record<string, JsonValue> = {};
  for (const [key, entry] of node.entries) setOwn(object, key, toJson(entry.value));
  return object;
}

/** Plain assignment to `__proto__` would change the prototype instead of adding a key. */
export function setOwn<Value>(object: Record<string, Value>, key: string, value: Value): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
