import { formatPointer, type Path } from '@slipway/core';
import type { Span, YamlDocument, YamlNode } from '@slipway/yaml';

/** A key, item or scalar on a line of a manifest. */
export interface PartOnLine {
  /** The index of the object in the file. */
  readonly document: number;
  /** RFC 6901. */
  readonly pointer: string;
}

interface Found {
  readonly path: Path;
  /** The line of its key, or where the item begins; `lastLine` is where its value ends. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly isScalar: boolean;
}

/**
 * The keys, items and scalars that begin on a line; on a later line of a multi-line text, that text. There are none on an empty line, in
 * a comment or between documents.
 */
export function partsOnLine(documents: readonly YamlDocument[], line: number): readonly PartOnLine[] {
  const all = documents.map(document => partsOf(document));
  const matching = (test: (part: Found) => boolean): PartOnLine[] =>
    all.flatMap((parts, document) =>
      parts.filter(test).map(({ path }) => ({ document, pointer: formatPointer(path) })),
    );
  const beginning = matching(({ firstLine }) => firstLine === line);
  if (beginning.length > 0) return beginning;
  return matching(({ isScalar, firstLine, lastLine }) => isScalar && firstLine < line && line <= lastLine);
}

function partsOf(document: YamlDocument): Found[] {
  const found: Found[] = [];
  const lineOf = (span: Span): number => document.positionOfSpan(span).line;
  const visit = (node: YamlNode, path: Path, start: Span): void => {
    const { endLine = 0 } = document.positionOfSpan(node);
    if (path.length > 0)
      found.push({ path, firstLine: lineOf(start), lastLine: endLine, isScalar: node.kind === 'scalar' });
    if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) visit(item, [...path, index], item);
    else if (node.kind === 'map')
      for (const [key, entry] of node.entries) visit(entry.value, [...path, key], entry.key);
  };
  visit(document.root, [], document.root);
  return found;
}
