import type { Exec } from './exec.ts';

/** What Git knows of a folder. */
export interface SourceState {
  /** The commit that last touched it; absent if that cannot be said, or if the folder was changed since. */
  readonly revision?: string;
  /** Seconds since 1970 of that commit; 0 if it cannot be said. */
  readonly time: number;
}

const UNKNOWN: SourceState = { time: 0 };

/** The commit that is checked out at `directory`, or undefined outside of a Git repository. */
export async function readRevision(exec: Exec, directory: string): Promise<string | undefined> {
  return await git(exec, directory, ['rev-parse', '--verify', 'HEAD']);
}

/**
 * Fetches the commits that a shallow clone left out, without the files in them, so that `readSourceState` can tell which one
 * last touched a folder. https://git-scm.com/docs/git-fetch#Documentation/git-fetch.txt---unshallow
 * @returns false if the history ends early all the same, since the remote does not answer or wants a login
 */
export async function completeHistory(exec: Exec, directory: string): Promise<boolean> {
  if ((await git(exec, directory, ['rev-parse', '--is-shallow-repository'])) !== 'true') return true;
  const fetch = ['fetch', '--quiet', '--no-tags', '--unshallow', '--filter=blob:none'];
  return (await git(exec, directory, fetch)) !== undefined;
}

/**
 * The commit that last touched one of `paths`. It decides times and labels of the image made from them, so that a commit
 * elsewhere leaves the image as it is. Where a shallow clone ends, every file looks new: that is no answer, and is not taken
 * for one.
 */
export async function readSourceState(
  exec: Exec,
  directory: string,
  paths: readonly string[],
): Promise<SourceState> {
  const line = await git(exec, directory, ['log', '-1', '--format=%H %ct %P', '--', ...paths]);
  const [revision, time, parent] = (line ?? '').split(' ');
  if (revision === undefined || !/^\d+$/.test(time ?? '')) return UNKNOWN;
  if (!parent && (await git(exec, directory, ['rev-parse', '--is-shallow-repository'])) === 'true')
    return UNKNOWN;
  const changes = await git(exec, directory, ['status', '--porcelain', '--', ...paths]);
  return changes === '' ? { revision, time: Number(time) } : { time: Number(time) };
}

async function git(exec: Exec, directory: string, args: readonly string[]): Promise<string | undefined> {
  // A runner without git is one without a repository, as far as builds are concerned.
  const answer = await exec('git', ['-C', directory, ...args]).catch(() => undefined);
  return answer?.exitCode === 0 ? answer.stdout.trim() : undefined;
}
