import type { Git } from '@slipway/git';

/**
 * What a checkout has and no commit will have, relative to it: files, and folders with a slash at their end instead of all that is below
 * them. What is committed is not among it, whatever .gitignore says; empty where Git cannot tell.
 */
export async function ignoredPaths(git: Git): Promise<readonly string[]> {
  const listing = await git.read([
    'ls-files',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--directory',
    '-z',
  ]);
  return (listing?.toString('utf8') ?? '').split('\0').filter(path => path !== '');
}
