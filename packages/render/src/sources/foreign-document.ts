import type { Path, Position, Problem } from '@slipway/core';
import { type DuplicateKey, nodeAt, type Span, type YamlDocument, type YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { Traced } from '../trace/traced.ts';

/** A manifest that another tool wrote for one target. */
export interface ForeignManifest {
  /** Its name in patterns: the source's name and the file below it, without extension. */
  readonly name: string;
  readonly document: YamlDocument;
  /** Adds the origin to a part of the document and fills its placeholders, if they are filled; undefined to leave an object out. */
  readonly trace: (node: YamlNode, context: TraceContext) => Traced | undefined;
  /** The node whose placeholders are filled; absent if they are kept. */
  readonly words?: YamlNode;
  /** Why it cannot be rendered, which matters only if the formation selects it. */
  readonly problem?: Problem<RenderErrorCode>;
  readonly warning?: Problem<RenderErrorCode>;
}

export interface TraceContext {
  readonly substitute: Substitute;
  readonly report: (problem: Problem<RenderErrorCode>) => void;
  readonly warn: (problem: Problem<RenderErrorCode>) => void;
}

export type Substitute = (document: YamlDocument, node: YamlNode) => Traced;

/** Where a part of a tool's output comes from; the span is in the output. */
export type Locate = (span: Span, document: YamlDocument) => Position;

/** Says for each file which commit has it; undefined for files of the workspace. */
export type RevisionOf = ((path: string) => string | undefined) | undefined;

/** A position with the commit that has its file. */
export function atRevision(position: Position, revisionOf: RevisionOf): Position {
  const revision = revisionOf?.(position.path);
  return revision === undefined ? position : { ...position, revision };
}

/** A document that a tool wrote, with positions in the files that it was made from. */
export class ForeignDocument implements YamlDocument {
  readonly path: string;
  readonly index: number;
  /** Its positions are in other files, so values cannot be spliced into its text. */
  readonly isRegular = false;
  /** With positions in the tool's files. */
  readonly duplicateKeys: readonly DuplicateKey[];
  readonly #written: YamlDocument;
  readonly #locate: Locate;
  readonly #revisionOf: RevisionOf;

  constructor(
    written: YamlDocument,
    path: string,
    locate: Locate,
    revisionOf: RevisionOf,
    duplicateKeys: readonly DuplicateKey[] = [],
  ) {
    this.path = path;
    this.index = written.index;
    this.duplicateKeys = duplicateKeys;
    this.#written = written;
    this.#locate = locate;
    this.#revisionOf = revisionOf;
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

  positionOfSpan(span: Span): Position {
    return atRevision(this.#locate(span, this.#written), this.#revisionOf);
  }

  positionOf(path: Path): Position {
    return this.positionOfSpan(nodeAt(this.root, path).node);
  }

  keyPositionOf(path: Path): Position {
    const { node, key } = nodeAt(this.root, path);
    return this.positionOfSpan(key ?? node);
  }
}
