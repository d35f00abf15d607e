import type { Git } from './git.ts';

/** The address that a checkout fetches a remote from, as it is configured; undefined if it has no such remote. */
export async function remoteUrl(git: Git, remote: string): Promise<string | undefined> {
  const answer = await git.read(['config', '--get', `remote.${remote}.url`]);
  return answer?.toString('utf8').trim() || undefined;
}
