import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { changeProblems, quote, SlipwayError, throwIfAny } from '@slipway/core';
import { type Repository, readRepository, readRepositoryFrom, unknownPromotions } from '@slipway/render';
import type { Base } from '../base-rules/base.ts';
import { secondCheckouts } from '../base-rules/second-checkouts.ts';
import type { CheckErrorCode } from '../error-codes.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import { spawned } from './spawned.ts';

/** The application's files in the checkout and in the base. */
export interface Repositories {
  readonly repository: Repository;
  /** Undefined where only the checkout's rules apply. */
  readonly base: Repository | undefined;
}

/** What the files of an application are read with. */
interface RepositoriesContext {
  readonly request: Pick<CheckManifestsRequest, 'application' | 'formations' | 'spawn'>;
  readonly base: Base | undefined;
  readonly surroundings: Pick<CheckSurroundings, 'workspace' | 'logger'>;
}

/** @throws SlipwayError `application-removed`, `base-broken`, `promoted-from-unknown`, and what is wrong with files of the checkout */
export async function readRepositories({
  request,
  base,
  surroundings,
}: RepositoriesContext): Promise<Repositories> {
  const { workspace, logger } = surroundings;
  const { application } = request;
  const before = base && (await readBaseRepository(base, application, workspace));
  if (before !== undefined && !existsSync(resolve(workspace, application))) throw removed(application);
  if (base !== undefined && before === undefined)
    logger.warning(
      `The base commit ${base.commit} has no ${application}, so the rules of the checkout apply`,
    );
  const repository = await readRepository({ workspace, application });
  throwIfAny(unknownPromotions(repository));
  return spawned({ repository, base: before }, request, base?.commit);
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

function removed(application: string): SlipwayError<CheckErrorCode> {
  return new SlipwayError<CheckErrorCode>({
    code: 'application-removed',
    message: `${quote(application)} is in the base commit but not in this checkout, and manifests that were rendered from it are to be checked`,
    remedy: 'keep the file, or stop rendering and checking it',
  });
}

function broken(error: SlipwayError, commit: string): SlipwayError<CheckErrorCode> {
  return changeProblems(error, problem => ({
    ...problem,
    code: 'base-broken',
    message: `the base commit ${commit.slice(0, 12)}, whose rules apply, cannot be read: ${problem.message}`,
    remedy: `fix it on the base branch first${problem.remedy === undefined ? '' : ` (${problem.remedy})`}`,
  }));
}
