import { isCommitId } from '@slipway/core';
import { type Git, requireId } from './git.ts';

export async function hasCommit(git: Git, commit: string): Promise<boolean> {
  return (await git.read(['cat-file', '-e', `${requireId(commit)}^{tree}`])) !== undefined;
}

/**
 * The parents that are written in a commit. `HEAD^` would not do: at the end of a shallow clone Git says that there are none.
 * @returns undefined if the checkout does not have the commit
 */
export async function parentsOf(git: Git, commit: string): Promise<readonly string[] | undefined> {
  const text = await git.read(['cat-file', 'commit', requireId(commit)]);
  return text === undefined ? undefined : parseParents(text.toString('latin1'));
}

/** https://git-scm.com/docs/git-commit-tree: headers end at the first empty line. */
export function parseParents(commit: string): readonly string[] {
  const [headers = ''] = commit.split('\n\n', 1);
  return [...headers.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent);
}

/** The commit that is checked out; undefined before the first one. */
export async function headCommit(git: Git): Promise<string | undefined> {
  return await commitNamed(git, 'HEAD');
}

/** The commit that a name refers to: a branch, also of origin, a tag, an id, `HEAD~1`; undefined if there is none. */
export async function resolveRevision(git: Git, name: string): Promise<string | undefined> {
  for (const candidate of [name, `refs/remotes/origin/${name}`]) {
    const id = await commitNamed(git, candidate);
    if (id !== undefined) return id;
  }
  return undefined;
}

async function commitNamed(git: Git, name: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const id = await git.read(args);
  return id?.toString('latin1').trim().split('\n').at(-1);
}

/**
 * Fetches one commit from origin with the credentials of the checkout. A shallow clone gets that commit only; a complete one stays
 * complete.
 * @param name an id, a branch or a tag
 * @returns the commit's id, or undefined if it cannot be fetched
 */
export async function fetchCommit(git: Git, name: string): Promise<string | undefined> {
  if (name.startsWith('-')) return undefined;
  const shallow = await isShallow(git);
  const fetched = await git.read([
    'fetch',
    '--quiet',
    ...(shallow ? ['--depth=1'] : []),
    '--no-tags',
    '--no-recurse-submodules',
    '--no-auto-gc',
    '--upload-pack=git-upload-pack',
    'origin',
    name,
  ]);
  if (fetched === undefined) return undefined;
  return isCommitId(name) ? name : await resolveRevision(git, 'FETCH_HEAD');
}

/** How far two commits are from each other. */
export interface Distance {
  /** How many commits only the first one has. */
  readonly ahead: number;
  /** How many commits only the second one has. */
  readonly behind: number;
}

/** How many commits are between two; undefined if the checkout does not have the whole history. */
export async function distanceBetween(git: Git, one: string, other: string): Promise<Distance | undefined> {
  const range = `${requireId(one)}...${requireId(other)}`;
  if (await isShallow(git)) return undefined;
  const counts = await git.read(['rev-list', '--left-right', '--count', range, '--']);
  const [, ahead, behind] = /^(\d+)\t(\d+)\n$/.exec(counts?.toString('latin1') ?? '') ?? [];
  return ahead === undefined ? undefined : { ahead: Number(ahead), behind: Number(behind) };
}

/**
 * Whether a commit is another one or is before it in its history.
 * @returns undefined if the checkout does not have the whole history, and so cannot tell
 */
export async function isContained(git: Git, commit: string, head: string): Promise<boolean | undefined> {
  const args = ['rev-list', '--max-count=1', requireId(commit), `^${requireId(head)}`, '--'];
  // Commits that only the first one has. Git fails for a commit that the checkout lacks.
  const beyond = await git.read(args);
  if (beyond?.length === 0) return true;
  return (await isShallow(git)) ? undefined : false;
}

/** Whether a commit has a file, a folder or a submodule at a path. */
export async function hasPath(git: Git, commit: string, path: string): Promise<boolean> {
  const entry = await git.read(['ls-tree', '-z', '--full-tree', requireId(commit), '--', path]);
  return entry !== undefined && entry.length > 0;
}

/** Whether the checkout has only the end of its history. */
export async function isShallow(git: Git): Promise<boolean> {
  return (await git.read(['rev-parse', '--is-shallow-repository']))?.toString('latin1').trim() === 'true';
}
