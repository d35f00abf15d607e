import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, inPath } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { advice, type Check, fine, missing, unknown } from './check.ts';

/** The ref with which jobs of pull requests ask for the secrets of an environment. */
const PULLS = 'refs/pull/*/merge';
const ASKING = ['required_reviewers', 'wait_timer'];

/** Whose jobs an environment has: those that begin instances, those that end them, or both. */
export type Admitting = 'pulls' | 'default branch' | 'both';

/**
 * The environment of instances: it must admit pull requests for those that begin, and the default branch for those that end, and wait for no
 * one. Where instances have namespaces of their own, those who make and remove them have another one, which no pull request may use.
 * @param repositoryBody what GitHub says of the repository
 */
export async function checkPreviews(
  environment: string,
  admitting: Admitting,
  repository: GitHubRepository,
  repositoryBody: JsonObject,
  machine: Machine,
): Promise<Check[]> {
  return [
    await checkAdmitted(
      { environment, admitting, branch: String(repositoryBody['default_branch'] ?? '') },
      repository,
      machine,
    ),
    ...(repositoryBody['private'] === true && admitting !== 'default branch'
      ? [await checkForks(repository, machine)]
      : []),
  ];
}

interface Environment {
  readonly environment: string;
  readonly admitting: Admitting;
  readonly branch: string;
}

async function checkAdmitted(
  { environment, admitting, branch }: Environment,
  repository: GitHubRepository,
  machine: Machine,
): Promise<Check> {
  const looked = { area: 'github', what: `environment ${environment}` } as const;
  const own = branch === '' ? 'the default branch' : branch;
  const wanted = { both: `${PULLS} and ${own}`, pulls: PULLS, 'default branch': `${own} only` }[admitting];
  const admit = `in its settings, admit ${wanted}, and ask no one`;
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
  if (!isJsonObject(policy))
    return admitting === 'default branch'
      ? missing(looked, 'every branch may use it, so that a pull request could make namespaces', admit)
      : advice(looked, 'every branch may use it', admit);
  if (policy['protected_branches'] === true && admitting === 'default branch')
    return advice(looked, 'it admits all protected branches', admit);
  if (policy['protected_branches'] === true)
    return missing(looked, 'it admits protected branches only, and no pull request', admit);
  const listed = await askGitHub(machine, repository, `${path}/deployment-branch-policies?per_page=100`);
  if (listed.status !== 200) return unknown(looked, listed.answer.said);
  return judge(namesIn(listed.body['branch_policies']));

  function judge(names: readonly string[]): Check {
    if (admitting === 'default branch') {
      const others = names.filter(name => name !== branch);
      if (others.length > 0)
        return missing(
          looked,
          `it admits ${others.join(', ')}, so that a workflow from there could make namespaces`,
          admit,
        );
      return names.length === 0
        ? missing(looked, 'it admits no branch', admit)
        : fine(looked, names.join(', '));
    }
    if (!names.includes(PULLS))
      return missing(looked, `it does not admit ${PULLS}, so that no pull request gets an instance`, admit);
    const others = names.filter(name => name !== PULLS);
    if (admitting === 'both' && !others.some(name => name === branch || name.includes('*')))
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
