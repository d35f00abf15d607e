import { isJsonObject, type JsonValue } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, type GitHubAnswer, inPath } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { checkBranches } from './branch-checks.ts';
import { type Check, missing, unknown } from './check.ts';
import type { KnownSecrets } from './secret-checks.ts';

const MOST = '?per_page=100';

/**
 * Whether an environment exists, and which branches may deploy to it.
 * @param released the branch that the workflows release; undefined if they do not say one
 */
export async function checkEnvironment(
  environment: string,
  released: string | undefined,
  repository: GitHubRepository,
  fix: string,
  machine: Machine,
): Promise<Check> {
  const looked = { area: 'github', what: `environment ${environment}` } as const;
  const path = `/environments/${inPath(environment)}`;
  const found = await askGitHub(machine, repository, path);
  if (found.status === 404) return missing(looked, `${nameOf(repository)} has no such environment`, fix);
  if (found.status !== 200) return unknown(looked, found.answer.said);
  return await checkBranches(looked, found.body, { path, repository, released, fix }, machine);
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
