import { isShallow } from './commits.ts';
import type { Git } from './git.ts';

/** What Git knows of some files of a checkout. */
export interface SourceState {
  /** The commit that last changed them; absent if that is not known, or if they were changed since. */
  readonly revision?: string;
  /** Seconds since 1970 of that commit; 0 if it is not known. */
  readonly time: number;
}

const UNKNOWN: SourceState = { time: 0 };

/**
 * Fetches the commits that a shallow clone left out, without the files in them, so that `readSourceState` can tell which one
 * last changed a folder. https://git-scm.com/docs/git-fetch#Documentation/git-fetch.txt---unshallow
 * @returns false if the history is still incomplete, since the remote does not answer or asks for a login
 */
export async function completeHistory(git: Git): Promise<boolean> {
  if (!(await isShallow(git))) return true;
  const fetched = await git.read([
    ...['fetch', '--quiet', '--no-tags', '--unshallow', '--filter=blob:none'],
    ...['--no-recurse-submodules', '--no-auto-gc', '--upload-pack=git-upload-pack'],
  ]);
  return fetched !== undefined;
}

/**
 * The commit that last changed one of `paths`, which are absolute. It decides times and labels of the image made from them, so that
 * a commit elsewhere leaves the image as it is. At the end of a shallow clone every file looks new: that commit is not an answer.
 * @param git undefined outside of a checkout
 */
export async function readSourceState(git: Git | undefined, paths: readonly string[]): Promise<SourceState> {
  const log = ['log', '-1', '--format=%H %ct %P', '--', ...paths];
  const line = (await git?.read(log))?.toString('latin1').trim() ?? '';
  const [revision, time, parent] = line.split(' ');
  if (git === undefined || revision === undefined || !/^\d+$/.test(time ?? '')) return UNKNOWN;
  if (!parent && (await isShallow(git))) return UNKNOWN;
  const status = ['status', '--porcelain', '--untracked-files=normal', '--no-renames', '--', ...paths];
  const isUnchanged = (await git.read(status))?.length === 0;
  return isUnchanged ? { revision, time: Number(time) } : { time: Number(time) };
}
