import { SlipwayError } from '@slipway/core';
import { type CommitFiles, type CommitObjects, commitFiles } from './commit-files.ts';
import { fetchCommit } from './commits.ts';
import type { Git } from './git.ts';
import { gitObjects } from './git-objects.ts';

/**
 * The files of a commit, which is read as objects and never checked out: from the checkout, fetched, or from a remote API.
 * @param git undefined outside of a checkout
 * @param remote undefined where no API can be asked
 * @returns undefined if none of them has the commit
 * @throws SlipwayError as `commitFiles`, and what the API answers
 */
export async function openCommit(
  git: Git | undefined,
  commit: string,
  remote?: CommitObjects,
): Promise<CommitFiles | undefined> {
  const known = git && (await filesHere(git, commit));
  if (known !== undefined) return known;
  const isFetched = git !== undefined && (await fetchCommit(git, commit)) !== undefined;
  const objects = isFetched ? gitObjects(git) : remote;
  return objects && (await commitFiles(objects, commit));
}

/** Undefined if the commit is not in the checkout. Asking first would cost one more process on every run. */
async function filesHere(git: Git, commit: string): Promise<CommitFiles | undefined> {
  try {
    return await commitFiles(gitObjects(git), commit);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'commit-unreadable') return undefined;
    throw error;
  }
}
