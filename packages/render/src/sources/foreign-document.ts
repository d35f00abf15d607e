import type { Path, Position, Problem } from '@slipway/core';
import { type DuplicateKey, nodeAt, type Span, type YamlDocument, type YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { Traced } from '../trace/traced.ts';

/** A manifest that another tool wrote for one destination. */
export interface ForeignManifest {
  /** What patterns call it: the source's name and the file below it, without extension. */
  readonly name: string;
  readonly document: YamlDocument;
  /** Gives a part of the document its origin, placeholders or not; undefined for an object that is to be left out. */
  readonly trace: (node: YamlNode, context: TraceContext) => Traced | undefined;
  /** Where its placeholders are looked for, if they are filled. */
  readonly words?: YamlNode;
  /** Why it cannot be rendered, which matters only if the formation has it. */
  readonly problem?: Problem<RenderErrorCode>;
  readonly warning?: Problem<RenderErrorCode>;
}

export interface TraceContext {
  readonly substitute: Substitute;
  readonly report: (problem: Problem<RenderErrorCode>) => void;
  readonly warn: (problem: Problem<RenderErrorCode>) => void;
}

export type Substitute = (document: YamlDocument, node: YamlNode) => Traced;

/** Where a part of a tool's output comes from; the span counts in the output. */
export type Locate = (span: Span, document: YamlDocument) => Position;

/** What a tool wrote, with the places of what it made that from. */
export class ForeignDocument implements YamlDocument {
  readonly path: string;
  readonly index: number;
  /** Its text has places in other files, so it is no text to splice values into. */
  readonly isRegular = false;
  /** With places in the tool's files. */
  readonly duplicateKeys: readonly DuplicateKey[];
  readonly #written: YamlDocument;
  readonly #locate: Locate;

  constructor(
    written: YamlDocument,
    path: string,
    locate: Locate,
    duplicateKeys: readonly DuplicateKey[] = [],
  ) {
    this.path = path;
    this.index = written.index;
    this.duplicateKeys = duplicateKeys;
    this.#written = written;
    this.#locate = locate;
  }

  get root() {
    return this.#written.root;
  }

  get source() {
    return this.#written.source;
  }

  get value() {
    return this.#written.value;
  }

  get comments(): YamlDocument['comments'] {
    return this.#written.comments;
  }

  place(span: Span): Position {
    return this.#locate(span, this.#written);
  }

  positionOf(path: Path): Position {
    return this.place(nodeAt(this.root, path).node);
  }

  keyPositionOf(path: Path): Position {
    const { node, key } = nodeAt(this.root, path);
    return this.place(key ?? node);
  }
}
