import { isJsonObject, type JsonValue } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, inPath } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { checkBranches } from './branch-checks.ts';
import { type Check, missing, unknown } from './check.ts';

/** What GitHub says of an environment is compared with this. */
export interface DecisionPlace {
  readonly repository: GitHubRepository;
  /** The branch that the workflows release; undefined if they do not say one. */
  readonly released: string | undefined;
  /** The command that makes them. */
  readonly setup: string;
}

/** The environment beside that of a destination whose releases wait for decisions, which asks for them. */
export async function checkDecide(
  environment: string,
  place: DecisionPlace,
  machine: Machine,
): Promise<Check> {
  return await look(`${environment}-decide`, place, machine, types =>
    types.includes('required_reviewers')
      ? undefined
      : {
          detail: 'it has no required reviewers, so that its job continues a release without anyone',
          fix: `${place.setup} --reviewers @USER`,
        },
  );
}

/** The environment of what looks at releases in steps and takes them back, which must ask no one, since that must not wait. */
export async function checkHome(environment: string, place: DecisionPlace, machine: Machine): Promise<Check> {
  return await look(`${environment}-home`, place, machine, types => {
    const waits = types.filter(type => type === 'required_reviewers' || type === 'wait_timer');
    return waits.length === 0
      ? undefined
      : {
          detail: `it has ${waits.map(type => WAITS[type]).join(' and ')}, so that what takes a release back would wait`,
          fix: 'remove its reviewers and its timer in the settings of the repository',
        };
  });
}

const WAITS: Readonly<Record<string, string>> = {
  required_reviewers: 'required reviewers',
  wait_timer: 'a timer',
};

async function look(
  environment: string,
  { repository, released, setup }: DecisionPlace,
  machine: Machine,
  judge: (rules: readonly string[]) => { readonly detail: string; readonly fix: string } | undefined,
): Promise<Check> {
  const looked = { area: 'github', what: `environment ${environment}` } as const;
  const path = `/environments/${inPath(environment)}`;
  const found = await askGitHub(machine, repository, path);
  if (found.status === 404)
    return missing(
      looked,
      `${nameOf(repository)} has no such environment, and GitHub would make one without reviewers and without the secret`,
      setup,
    );
  if (found.status !== 200) return unknown(looked, found.answer.said);
  const wrong = judge(typesOf(found.body['protection_rules']));
  if (wrong !== undefined) return missing(looked, wrong.detail, wrong.fix);
  return await checkBranches(looked, found.body, { path, repository, released, fix: setup }, machine);
}

function typesOf(rules: JsonValue | undefined): string[] {
  return (Array.isArray(rules) ? rules : []).filter(isJsonObject).map(({ type }) => String(type));
}
