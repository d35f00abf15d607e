import { apiArguments, inPath } from '../outside/github-api.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { shellCommand, shellWord } from '../outside/shell.ts';

interface Protected {
  readonly environment: string;
  readonly repository: GitHubRepository;
}

const ADMITS =
  '.deployment_branch_policy | if . == null then "every" elif .protected_branches then "protected" else "named" end';

/** Lets an environment admit a branch unless it does, in a shell. One that admits every branch is refused. */
export function branchScript({ environment, repository, branch }: Protected & { branch: string }): string[] {
  const rules = `/environments/${inPath(environment)}/deployment-branch-policies`;
  const names = ['--jq', '.branch_policies[] | select(.type != "tag") | .name'];
  const list = shellCommand('gh', apiArguments(repository, `${rules}?per_page=100`, names));
  const body = ['--method', 'POST', '-f', `name=${branch}`, '-f', 'type=branch'];
  return whereRestricted({ environment, repository }, [
    `${list} | grep -Fxq -e ${shellWord(branch)} ||`,
    `  ${shellCommand('gh', apiArguments(repository, rules, body))}`,
  ]);
}

/** Fails unless an environment restricts which branches get its secrets. */
export function restrictionCheck(environment: Protected): string[] {
  return whereRestricted(environment, [':']);
}

/** An answer that did not come is refused as well. */
function whereRestricted({ environment, repository }: Protected, ifNamed: readonly string[]): string[] {
  const ask = apiArguments(repository, `/environments/${inPath(environment)}`, ['--jq', ADMITS]);
  const listed = apiArguments(repository, '/branches?protected=true', ['--jq', '.[].name']);
  return [
    `case $(${shellCommand('gh', ask)}) in`,
    'named)',
    ...ifNamed.map(line => `  ${line}`),
    '  ;;',
    'protected)',
    `  ${shellCommand('gh', listed)} | grep -q . ||`,
    `    ${refusal(`no branch is protected, so every branch would get the secrets of ${environment}`)}`,
    '  ;;',
    '*)',
    `  ${refusal(`nothing says that ${environment} restricts its branches; slipway setup with --apply --yes sees to that`)}`,
    '  ;;',
    'esac',
  ];
}

/** A message and a failure, which does not close the shell of whoever pastes it. */
function refusal(message: string): string {
  return `{ echo ${shellWord(message)} >&2; false; }`;
}
