/** A position in a text file, as an editor shows it: lines and columns count from 1, columns in UTF-16 code units. */
export interface Position {
  /** Path relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** `path:line:column`, the form that editors and terminals turn into a link. */
export function formatPosition(position: Position): string {
  return `${position.path}:${position.line}:${position.column}`;
}
