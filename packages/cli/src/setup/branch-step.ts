import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { readProtection } from '../outside/branch-protection.ts';
import { askGitHub, bodyOf, inPath, sendToGitHub } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { branchScript } from './branch-script.ts';
import { isAboutPlan, planLacks } from './plan-lacks.ts';
import type { Step, StepResult } from './step.ts';

interface Admitted {
  readonly environment: string;
  readonly repository: GitHubRepository;
  /** A branch, or a pattern of them. */
  readonly branch: string;
}

/** Lets an environment admit a branch. One that admits protected branches is left as it is. */
export function branchStep({ environment, repository, branch }: Admitted, machine: Machine): Step {
  const path = `/environments/${inPath(environment)}`;
  const what = `environment ${environment}: branch ${branch}`;
  const rules = `${path}/deployment-branch-policies`;
  const body = { name: branch, type: 'branch' };
  return {
    what,
    where: nameOf(repository),
    script: branchScript({ environment, repository, branch }),
    async carryOut() {
      const found = bodyOf(await askGitHub(machine, repository, path), `looking at the ${what}`);
      const policy = found['deployment_branch_policy'];
      if (isJsonObject(policy) && policy['protected_branches'] === true) return await protectedBranches();
      const listed = await askGitHub(machine, repository, `${rules}?per_page=100`);
      const names = namesOf(bodyOf(listed, `looking at the ${what}`)['branch_policies']);
      const others = names.filter(name => name !== branch);
      const more =
        others.length === 0
          ? {}
          : { warning: `the environment ${environment} admits ${others.map(quote).join(', ')} too` };
      if (names.includes(branch)) return { state: 'unchanged', ...more };
      const answer = await sendToGitHub(machine, repository, { method: 'POST', path: rules, body });
      if (answer.status === 422 && isAboutPlan(answer)) throw planLacks({ environment, repository });
      bodyOf(answer, `writing the ${what}`);
      return { state: 'done', ...more };
    },
  };

  async function protectedBranches(): Promise<StepResult> {
    const admits = 'admits protected branches';
    const why = await refusalOf({ environment, repository, branch }, machine);
    return why === undefined
      ? { state: 'unchanged', detail: `it ${admits}` }
      : { state: 'unchanged', warning: `the environment ${environment} ${admits}, and ${why}` };
  }
}

/**
 * Why protected branches are not what should be admitted; undefined if they are.
 * @throws SlipwayError `branches-unprotected` where every branch is admitted
 */
async function refusalOf(
  { environment, repository, branch }: Admitted,
  machine: Machine,
): Promise<string | undefined> {
  const byName = 'let it admit branches by their names';
  if (branch.startsWith('refs/pull/')) return `no pull request: ${byName}, with ${branch}`;
  const found = await readProtection(branch, repository, machine);
  switch (found.state) {
    case 'protected':
      return undefined;
    case 'none':
      throw new SlipwayError<CliErrorCode>({
        code: 'branches-unprotected',
        message: `the environment ${quote(environment)} of ${quote(nameOf(repository))} admits protected branches, and no branch is protected, so that every branch would get its secrets`,
        remedy: `protect ${branch} with a branch protection rule, or ${byName}`,
      });
    case 'unprotected':
      return `${quote(branch)} is not one, so that GitHub refuses its deployments: protect it, or ${byName}`;
    case 'unknown':
      return `whether ${quote(branch)} is one is not known: ${found.why}`;
  }
}

function namesOf(policies: JsonValue | undefined): string[] {
  return (Array.isArray(policies) ? policies : [])
    .filter(isJsonObject)
    .map(({ name, type }) => (type === 'tag' ? `tag ${String(name)}` : String(name)));
}
