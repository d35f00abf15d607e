import type { Machine } from '../machine/machine.ts';
import { readProtection } from '../outside/branch-protection.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { type Check, fine, type Looked, missing, unknown } from './check.ts';

const BY_NAME = 'let the environment admit the branch by its name, in the settings of the repository';

/** Whether an environment that admits protected branches admits the one that is released, and not every one. */
export async function checkProtected(
  looked: Looked,
  released: string | undefined,
  repository: GitHubRepository,
  machine: Machine,
): Promise<Check> {
  const found = await readProtection(released, repository, machine);
  const branch = released ?? 'the released branch';
  const fix = `protect ${branch} with a branch protection rule, or ${BY_NAME}`;
  switch (found.state) {
    case 'protected':
      return fine(looked, `protected branches, of which ${branch} is one`);
    case 'none':
      return missing(
        looked,
        'it admits protected branches, and no branch is protected, in which case GitHub lets every branch deploy to it and read its secrets',
        fix,
      );
    case 'unprotected':
      return missing(
        looked,
        `it admits protected branches, and ${branch}, which the workflows release, is not one, so that GitHub refuses its deployments`,
        fix,
      );
    case 'unknown':
      return unknown(
        looked,
        `it admits protected branches, and whether ${branch} is one is not known: ${found.why}`,
      );
  }
}
