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
  /** The commit whose file it is in, a full id; absent for a file of the workspace. */
  readonly revision?: string;
}

/** As much of a commit's id as messages show. */
const REVISION_LENGTH = 12;

/**
 * `path:line:column`, the form that editors and terminals turn into a link; one line, whatever the file is called. A file of another
 * commit has the commit in front, as Git writes it.
 */
export function formatPosition({ path, line, column, revision }: Position): string {
  const commit =
    revision === undefined ? '' : `${excerpt(revision.slice(0, REVISION_LENGTH), REVISION_LENGTH)}:`;
  return `${commit}${excerpt(path, MAX_PATH_LENGTH)}:${line}:${column}`;
}
