import { excerpt } from './quote.ts';

/** The longest path that systems take, in bytes. */
const MAX_PATH_LENGTH = 4096;

/** A position in a text file, as an editor shows it: lines and columns count from 1, columns in UTF-16 code units. */
export interface Position {
  /** Path relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** `path:line:column`, the form that editors and terminals turn into a link; one line, whatever the file is called. */
export function formatPosition(position: Position): string {
  return `${excerpt(position.path, MAX_PATH_LENGTH)}:${position.line}:${position.column}`;
}
