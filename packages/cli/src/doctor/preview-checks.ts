import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, inPath } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { advice, type Check, fine, missing, unknown } from './check.ts';

/** The ref with which jobs of pull requests ask for the secrets of an environment. */
const PULLS = 'refs/pull/*/merge';
const ASKING = ['required_reviewers', 'wait_timer'];

/**
 * The environment of instances: it must admit pull requests for those that begin, and the default branch for those that end, and wait for no
 * one.
 * @param repositoryBody what GitHub says of the repository
 */
export async function checkPreviews(
  environment: string,
  repository: GitHubRepository,
  repositoryBody: JsonObject,
  machine: Machine,
): Promise<Check[]> {
  return [
    await checkAdmitted(environment, repository, String(repositoryBody['default_branch'] ?? ''), machine),
    ...(repositoryBody['private'] === true ? [await checkForks(repository, machine)] : []),
  ];
}

async function checkAdmitted(
  environment: string,
  repository: GitHubRepository,
  branch: string,
  machine: Machine,
): Promise<Check> {
  const looked = { area: 'github', what: `environment ${environment}` } as const;
  const admit = `in its settings, admit ${PULLS} and ${branch === '' ? 'the default branch' : branch}, and ask no one`;
  const path = `/environments/${inPath(environment)}`;
  const found = await askGitHub(machine, repository, path);
  if (found.status === 404)
    return missing(
      looked,
      `${nameOf(repository)} has no such environment, and GitHub would make one that every branch may use`,
      `create it in the settings of the repository with the secret KUBECONFIG; ${admit}`,
    );
  if (found.status !== 200) return unknown(looked, found.answer.said);
  if (rulesOf(found.body['protection_rules']).some(type => ASKING.includes(type)))
    return missing(
      looked,
      'it has reviewers or a timer, for which each push and each sweep would wait',
      admit,
    );
  const policy = found.body['deployment_branch_policy'];
  if (!isJsonObject(policy)) return advice(looked, 'every branch may use it', admit);
  if (policy['protected_branches'] === true)
    return missing(looked, 'it admits protected branches only, and no pull request', admit);
  const listed = await askGitHub(machine, repository, `${path}/deployment-branch-policies?per_page=100`);
  if (listed.status !== 200) return unknown(looked, listed.answer.said);
  return judge(namesIn(listed.body['branch_policies']));

  function judge(names: readonly string[]): Check {
    if (!names.includes(PULLS))
      return missing(looked, `it does not admit ${PULLS}, so that no pull request gets an instance`, admit);
    const others = names.filter(name => name !== PULLS);
    if (!others.some(name => name === branch || name.includes('*')))
      return missing(
        looked,
        'it does not admit the default branch, so that no sweep removes an instance',
        admit,
      );
    return fine(looked, names.join(', '));
  }
}

/** Slipway refuses forks in any case; whether their own workflows get secrets is a setting of private repositories. */
async function checkForks(repository: GitHubRepository, machine: Machine): Promise<Check> {
  const looked = { area: 'github', what: 'secrets for workflows of forks' } as const;
  const path = '/actions/permissions/fork-pr-workflows-private-repos';
  const found = await askGitHub(machine, repository, path);
  if (found.status !== 200) return unknown(looked, found.answer.said);
  return found.body['send_secrets_and_variables'] === true
    ? missing(
        looked,
        'GitHub gives workflows of forks the secrets of the repository, and what such a workflow does is up to its author',
        'turn off "Send secrets and variables to workflows from pull requests" in the settings of Actions',
      )
    : fine(looked, 'GitHub gives them none');
}

function rulesOf(rules: JsonValue | undefined): string[] {
  return (Array.isArray(rules) ? rules : []).filter(isJsonObject).map(({ type }) => String(type));
}

function namesIn(list: JsonValue | undefined): string[] {
  return (Array.isArray(list) ? list : []).filter(isJsonObject).map(({ name }) => String(name));
}
