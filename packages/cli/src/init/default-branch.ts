import type { Git } from '@slipway/git';

const USUAL = 'main';
const OLDER = 'master';

/** The branch that a checkout is most likely released from, which need not be the one that is checked out. */
export async function defaultBranch(git: Git): Promise<string> {
  const remote = await answerOf(git, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  if (remote?.startsWith('origin/')) return remote.slice('origin/'.length);
  const all = (await answerOf(git, ['for-each-ref', '--format=%(refname:lstrip=-1)'])) ?? '';
  const names = new Set(all.split('\n'));
  if (names.has(USUAL)) return USUAL;
  if (names.has(OLDER)) return OLDER;
  // Before the first commit there is no other one.
  const current =
    all === '' ? await answerOf(git, ['symbolic-ref', '--quiet', '--short', 'HEAD']) : undefined;
  return current || USUAL;
}

async function answerOf(git: Git, args: readonly string[]): Promise<string | undefined> {
  return (await git.read(args))?.toString('utf8').trim();
}
