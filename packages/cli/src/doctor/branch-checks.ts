import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { askGitHub } from '../outside/github-api.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { admitsBranch } from './admitted-branch.ts';
import { type Check, fine, type Looked, missing, unknown } from './check.ts';
import { checkProtected } from './protected-branch.ts';

/** Where an environment is asked for, and what is expected of it. */
export interface Admitting {
  /** The path of the environment, after the name of the repository. */
  readonly path: string;
  readonly repository: GitHubRepository;
  /** The branch that the workflows release; undefined if they do not say one. */
  readonly released: string | undefined;
  /** The command that lets the environment admit that branch only. */
  readonly fix: string;
}

/**
 * Whether an environment admits the branch that is released, and not every one.
 * @param environment what GitHub says of it
 */
export async function checkBranches(
  looked: Looked,
  environment: JsonObject,
  admitting: Admitting,
  machine: Machine,
): Promise<Check> {
  const { path, repository, released, fix } = admitting;
  const policy = environment['deployment_branch_policy'];
  if (!isJsonObject(policy))
    return missing(looked, 'every branch may deploy to it and read its secrets', fix);
  if (policy['protected_branches'] === true)
    return await checkProtected(looked, released, repository, machine);
  const listed = await askGitHub(machine, repository, `${path}/deployment-branch-policies?per_page=100`);
  if (listed.status !== 200) return unknown(looked, listed.answer.said);
  const names = namesIn(listed.body['branch_policies']);
  if (names.length === 0) return missing(looked, 'no branch may deploy to it', fix);
  const isAdmitted =
    released === undefined || admitsBranch(branchesIn(listed.body['branch_policies']), released);
  if (isAdmitted === true) return fine(looked, names.join(', '));
  const what = `it admits ${names.join(', ')}, and the workflows release ${released}`;
  return isAdmitted === false
    ? missing(looked, `${what}, whose deployments GitHub refuses`, fix)
    : unknown(looked, `${what}: whether one of these patterns matches it is not known`);
}

/** Without the rules for tags. */
function branchesIn(list: JsonValue | undefined): string[] {
  return namesIn((Array.isArray(list) ? list : []).filter(one => isJsonObject(one) && one['type'] !== 'tag'));
}

function namesIn(list: JsonValue | undefined): string[] {
  return (Array.isArray(list) ? list : []).filter(isJsonObject).map(({ name }) => String(name));
}
