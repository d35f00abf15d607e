import { isJsonObject, type JsonObject } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import {
  apiArguments,
  askGitHub,
  bodyIfAny,
  bodyOf,
  type GitHubAnswer,
  inPath,
  sendToGitHub,
} from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { shellCommand, withExpandedInput } from '../outside/shell.ts';
import { branchStep } from './branch-step.ts';
import type { SetupChoices } from './choices.ts';
import { isAboutPlan, planLacks } from './plan-lacks.ts';
import { readReviewers, reviewerScript } from './reviewers.ts';
import type { Step, StepResult } from './step.ts';

/** Only branches with a rule may deploy; without any rule none may. */
const BY_RULES = { protected_branches: false, custom_branch_policies: true } as const;

interface Wanted extends Pick<SetupChoices, 'branch' | 'reviewers'> {
  readonly environment: string;
  readonly repository: GitHubRepository;
}

/** What an environment of GitHub needs: that it exists, that it admits one branch, and who approves. */
export function environmentSteps(wanted: Wanted, machine: Machine): Step[] {
  return [environmentStep(wanted, machine), branchStep(wanted, machine)];
}

function environmentStep(wanted: Wanted, machine: Machine): Step {
  const { environment, repository, reviewers } = wanted;
  const path = `/environments/${inPath(environment)}`;
  const what = `environment ${environment}`;
  return {
    what,
    where: nameOf(repository),
    script: environmentScript(wanted, path),
    async carryOut() {
      const found = bodyIfAny(await askGitHub(machine, repository, path), `looking at the ${what}`);
      const wished = await readReviewers(reviewers, repository, machine);
      const lacking = wished.filter(reviewer => !reviewersOf(found).some(isSame(reviewer)));
      if (found !== undefined && isJsonObject(found['deployment_branch_policy']) && lacking.length === 0)
        return { state: 'unchanged' };
      return await write(found, lacking);
    },
  };

  async function write(found: JsonObject | undefined, lacking: readonly JsonObject[]): Promise<StepResult> {
    const kept = found === undefined ? {} : rulesOf(found);
    const all = [...reviewersOf(found), ...lacking];
    const put = (body: JsonObject): Promise<GitHubAnswer> =>
      sendToGitHub(machine, repository, { method: 'PUT', path, body });
    const body = { deployment_branch_policy: BY_RULES, ...kept };
    const answer = await put(all.length === 0 ? body : { ...body, reviewers: all });
    if (answer.status !== 422 || lacking.length === 0 || !isAboutPlan(answer)) {
      if (answer.status === 422 && isAboutPlan(answer)) throw planLacks(wanted);
      bodyOf(answer, `writing the ${what}`);
      return { state: 'done' };
    }
    const second = await put(body);
    if (second.status === 422 && isAboutPlan(second)) throw planLacks(wanted);
    bodyOf(second, `writing the ${what}`);
    return {
      state: 'done',
      warning: `${nameOf(repository)} has no required reviewers by its plan, so no one has to approve a deployment to ${environment}: docs/approvals.md says what to do without`,
    };
  }
}

/**
 * The rules that an environment has beside reviewers, as GitHub takes them. Those that it has none of are left out, as plans without them
 * refuse them even where they are empty: https://github.com/alchemy-run/alchemy/pull/1373
 */
function rulesOf(found: JsonObject): JsonObject {
  const [timer, required] = ['wait_timer', 'required_reviewers'].map(type => ruleOf(found, type));
  const policy = found['deployment_branch_policy'];
  return {
    ...(isJsonObject(policy) ? { deployment_branch_policy: policy } : {}),
    ...(timer === undefined ? {} : { wait_timer: timer['wait_timer'] ?? 0 }),
    ...(required?.['prevent_self_review'] === undefined
      ? {}
      : { prevent_self_review: required['prevent_self_review'] }),
  };
}

function ruleOf(found: JsonObject | undefined, type: string): JsonObject | undefined {
  const rules = found?.['protection_rules'];
  return (Array.isArray(rules) ? rules : []).filter(isJsonObject).find(rule => rule['type'] === type);
}

function reviewersOf(found: JsonObject | undefined): JsonObject[] {
  const reviewers = ruleOf(found, 'required_reviewers')?.['reviewers'];
  return (Array.isArray(reviewers) ? reviewers : []).filter(isJsonObject).flatMap(entry => {
    const { type, reviewer } = entry;
    return isJsonObject(reviewer) ? [{ type: type ?? null, id: reviewer['id'] ?? null }] : [];
  });
}

function isSame({ type, id }: JsonObject) {
  return (other: JsonObject): boolean => other['type'] === type && other['id'] === id;
}

/** An environment that is there is left as it is: writing it would take its reviewers and its timer away. */
function environmentScript({ repository, reviewers }: Wanted, path: string): string[] {
  const look = shellCommand('gh', apiArguments(repository, path, ['--silent']));
  const put = shellCommand('gh', apiArguments(repository, path, ['--method', 'PUT', '--input', '-']));
  const { names, lines } = reviewerScript(reviewers, repository.host);
  const body = [
    '{',
    ...(names.length === 0
      ? []
      : [
          `  "reviewers": [${names.map(({ type, id }) => `{ "type": "${type}", "id": ${id} }`).join(', ')}],`,
        ]),
    `  "deployment_branch_policy": ${JSON.stringify(BY_RULES)}`,
    '}',
  ];
  return [`${look} 2> /dev/null || {`, ...lines.map(indent), ...withExpandedInput(indent(put), body), '}'];
}

function indent(line: string): string {
  return `  ${line}`;
}
