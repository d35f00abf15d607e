import { type Git, requireId } from './git.ts';

/** A commit as a message names it. */
export interface NamedCommit {
  /** A full id. */
  readonly id: string;
  /** The first line of its message, which anyone may have written. */
  readonly subject: string;
}

/** A line of a file that a commit changed. */
export interface ChangedLine {
  /** From the root of the repository. */
  readonly path: string;
  /** The number that it has there; absent for a file without lines, or of which only the mode changed. */
  readonly line?: number;
}

/** What one commit has that another one does not have. */
export interface CommitsBeyond {
  /** The newest first, as many as were asked for. */
  readonly commits: readonly NamedCommit[];
  /** How many there are. */
  readonly count: number;
  /** Where they changed the files in question: the first line of each change. */
  readonly lines: readonly ChangedLine[];
}

export interface BeyondQuery {
  /** Full ids. */
  readonly commit: string;
  readonly base: string;
  /** Files and folders from the root of the repository; none for all. */
  readonly paths: readonly string[];
  /** How many commits are named. */
  readonly limit: number;
}

/**
 * The commits that one commit has and another one does not have, and the lines that they changed.
 * @returns undefined if the checkout does not have both
 */
export async function commitsBeyond(git: Git, query: BeyondQuery): Promise<CommitsBeyond | undefined> {
  const { commit, base, paths, limit } = query;
  const range = [requireId(commit), `^${requireId(base)}`];
  const count = await git.read(['rev-list', '--count', ...range, '--']);
  const log = await git.read(['log', '-z', '--format=%H %s', `--max-count=${limit}`, ...range, '--']);
  const fork = (await git.read(['merge-base', base, commit]))?.toString('latin1').trim();
  if (count === undefined || log === undefined || fork === undefined) return undefined;
  const diff = await git.read([
    ...['diff', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-color', '--unified=0'],
    ...['--src-prefix=a/', '--dst-prefix=b/', fork, commit, '--', ...paths],
  ]);
  if (diff === undefined) return undefined;
  return {
    count: Number(count.toString('latin1')),
    commits: parseLog(log.toString()),
    lines: parseDiff(diff.toString()),
  };
}

/** `<id> <subject>\0` */
function parseLog(log: string): NamedCommit[] {
  return log
    .split('\0')
    .filter(line => line !== '')
    .map(line => ({ id: line.slice(0, line.indexOf(' ')), subject: line.slice(line.indexOf(' ') + 1) }));
}

/** Headers of files and hunks come in pairs: https://git-scm.com/docs/diff-format#generate_patch_text_with_p */
export function parseDiff(diff: string): ChangedLine[] {
  const lines: ChangedLine[] = [];
  let [removed, path] = ['', ''];
  let isHeader = false;
  // A file that has no hunk by the end of its header has no lines to name.
  const endHeader = (): void => {
    if (isHeader) lines.push({ path });
  };
  for (const line of diff.split('\n')) {
    if (line.startsWith('diff --git ')) {
      endHeader();
      isHeader = true;
      path = pathOf(line.slice('diff --git '.length));
    }
    const file = isHeader ? /^(---|\+\+\+) (?:"?[ab]\/)(.*?)"?\t?$/.exec(line) : null;
    if (file?.[1] === '---') removed = file[2] ?? '';
    if (isHeader && line.startsWith('+++ ')) path = file?.[2] ?? removed;
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk === null) continue;
    isHeader = false;
    lines.push({ path, line: Math.max(1, Number(hunk[1])) });
  }
  endHeader();
  return lines;
}

/** `a/<path> b/<path>`, each in quotes if need be; both paths are the same, as renames are not looked for. */
function pathOf(names: string): string {
  const name = names.slice(0, (names.length - 1) / 2);
  return name.replace(/^"?a\//, '').replace(/"$/, '');
}
