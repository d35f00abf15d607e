import { isJsonObject, type JsonValue } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, type GitHubAnswer, inPath } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { type Check, fine, missing, unknown } from './check.ts';
import type { KnownSecrets } from './secret-checks.ts';

const MOST = '?per_page=100';

/** Whether an environment exists, and which branches may deploy to it. */
export async function checkEnvironment(
  environment: string,
  repository: GitHubRepository,
  fix: string,
  machine: Machine,
): Promise<Check> {
  const looked = { area: 'github', what: `environment ${environment}` } as const;
  const path = `/environments/${inPath(environment)}`;
  const found = await askGitHub(machine, repository, path);
  if (found.status === 404) return missing(looked, `${nameOf(repository)} has no such environment`, fix);
  if (found.status !== 200) return unknown(looked, found.answer.said);
  const policy = found.body['deployment_branch_policy'];
  if (!isJsonObject(policy))
    return missing(looked, 'every branch may deploy to it and read its secrets', fix);
  if (policy['protected_branches'] === true) return fine(looked, 'protected branches');
  const listed = await askGitHub(machine, repository, `${path}/deployment-branch-policies${MOST}`);
  if (listed.status !== 200) return unknown(looked, listed.answer.said);
  const names = namesIn(listed.body['branch_policies']);
  return names.length === 0
    ? missing(looked, 'no branch may deploy to it', fix)
    : fine(looked, names.join(', '));
}

function namesIn(list: JsonValue | undefined): string[] {
  return (Array.isArray(list) ? list : []).filter(isJsonObject).map(({ name }) => String(name));
}

/** The names of all secrets that the workflows of a repository can get. Their values are shown to no one. */
export async function readSecrets(
  environments: readonly string[],
  repository: GitHubRepository,
  machine: Machine,
): Promise<KnownSecrets> {
  const listed = (answer: GitHubAnswer): ReadonlySet<string> | undefined =>
    answer.status === 200 ? wholeList(answer) : undefined;
  const own = listed(await askGitHub(machine, repository, `/actions/secrets${MOST}`));
  const shared = listed(await askGitHub(machine, repository, `/actions/organization-secrets${MOST}`));
  const found = new Map<string, ReadonlySet<string> | undefined>();
  for (const environment of environments) {
    const answer = await askGitHub(
      machine,
      repository,
      `/environments/${inPath(environment)}/secrets${MOST}`,
    );
    if (answer.status !== 404) found.set(environment.toLowerCase(), listed(answer));
  }
  return { repository: own, organisation: shared, environments: found };
}

/** Undefined if the list has another page. */
function wholeList({ body }: GitHubAnswer): ReadonlySet<string> | undefined {
  const names = namesIn(body['secrets']);
  return Number(body['total_count']) > names.length ? undefined : new Set(names);
}
