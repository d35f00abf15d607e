import { access } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import { type Repository, readRepository, readRepositoryFrom } from '@slipway/render';
import type { Base } from '../base-rules/base.ts';
import { secondCheckouts } from '../base-rules/second-checkouts.ts';
import type { CheckErrorCode } from '../error-codes.ts';
import type { TargetContext } from './target.ts';

/** The application's files as the checkout has them, and as the base has them. */
export interface Repositories {
  readonly repository: Repository;
  /** Undefined where the checkout's rules alone hold. */
  readonly base: Repository | undefined;
}

/** @throws SlipwayError `application-removed`, `base-broken`, and what broken files of the checkout give */
export async function readRepositories({
  request,
  base,
  surroundings,
}: TargetContext): Promise<Repositories> {
  const { workspace, logger } = surroundings;
  const { application } = request;
  const before = base && (await readBaseRepository(base, application, workspace));
  if (before !== undefined && !(await exists(resolve(workspace, application)))) throw removed(application);
  if (base !== undefined && before === undefined)
    logger.warning(
      `The base commit ${base.commit} has no ${application}: nothing of it can hold yet, so the rules are those of the checkout`,
    );
  return { repository: await readRepository({ workspace, application }), base: before };
}

async function readBaseRepository(
  { commit, files, history }: Base,
  application: string,
  workspace: string,
): Promise<Repository | undefined> {
  const path = isAbsolute(application) ? relative(workspace, application).split(sep).join('/') : application;
  if ((await files.read(path)) === undefined) return undefined;
  try {
    return await readRepositoryFrom(files, path, secondCheckouts(history, workspace));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw broken(error, commit);
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function removed(application: string): SlipwayError<CheckErrorCode> {
  return new SlipwayError<CheckErrorCode>({
    code: 'application-removed',
    message: `${quote(application)} is of the base commit and is not in this checkout, though what was rendered from it is to be checked`,
    remedy: 'leave the file where it is, or stop rendering it',
  });
}

function broken(error: SlipwayError, commit: string): SlipwayError<CheckErrorCode> {
  const [first, ...others] = error.problems.map(problem => ({
    ...problem,
    code: 'base-broken' as const,
    message: `the base commit ${commit.slice(0, 12)}, whose rules hold, cannot be read: ${problem.message}`,
    remedy: `mend it on the base branch first${problem.remedy === undefined ? '' : ` (${problem.remedy})`}`,
  }));
  if (first === undefined) return error as SlipwayError<CheckErrorCode>;
  return new SlipwayError<CheckErrorCode>([first, ...others], { cause: error });
}
