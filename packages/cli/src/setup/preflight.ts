import { isJsonObject, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, bodyOf } from '../outside/github-api.ts';
import { nameOf } from '../outside/github-repository.ts';
import type { SetupPlan } from './plan-steps.ts';

/**
 * Asks GitHub, before anything is written anywhere, whether it lets this user write.
 * @throws SlipwayError `command-failed`, `command-not-found`, `repository-rights`
 */
export async function checkRepository(
  { repository, scopes, choices }: SetupPlan,
  machine: Machine,
): Promise<void> {
  const needsGitHub =
    choices.identity === 'token' || scopes.some(({ environment }) => environment !== undefined);
  if (!needsGitHub) return;
  const name = nameOf(repository);
  const { permissions } = bodyOf(await askGitHub(machine, repository, ''), `looking at ${name}`);
  if (!isJsonObject(permissions) || permissions['admin'] !== false) return;
  throw new SlipwayError<CliErrorCode>({
    code: 'repository-rights',
    message: `the account that gh is logged in with does not administer ${quote(name)}, which environments and secrets need`,
    remedy:
      'log in as someone who does with "gh auth login", or give them the commands that are printed without --apply',
  });
}
