import { SlipwayError } from '@slipway/core';
import { changedFilesOf, pullRequestOf, type Runner } from '@slipway/github';
import type { Base } from './base/base.ts';
import type { ReadPull } from './sign-offs.ts';

/** The files that the pull request changes, by their paths in the workspace; none where that can't be told. */
export async function readChangedFiles(
  base: Base | undefined,
  readPull: ReadPull,
  { context, logger }: Runner,
): Promise<ReadonlySet<string>> {
  const byGit = await base?.history.changedSince(base.commit);
  if (byGit !== undefined) return new Set(byGit);
  const pull = pullRequestOf(context);
  const checked = pull && (await readPull());
  if (checked === undefined) return new Set();
  try {
    return new Set(await changedFilesOf(checked.api, context.repository, checked.pull.number));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    logger.debug(`The files of the pull request are not known: ${error.message}`);
    return new Set();
  }
}
