import { isJsonObject, type JsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
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
import type { SetupChoices } from './choices.ts';
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

/** https://github.com/integrations/terraform-provider-github/issues/1262 has what GitHub says. */
function isAboutPlan({ answer: { said } }: GitHubAnswer): boolean {
  return /billing plan/i.test(said);
}

function planLacks({ environment, repository }: Wanted): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'plan-without-environments',
    message: `the plan of ${quote(nameOf(repository))} does not let the environment ${quote(environment)} restrict which branches deploy, so that every branch would get its secrets`,
    remedy: 'see "Without environments" in docs/approvals.md, or make the repository public',
  });
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
  return [`${look} 2> /dev/null ||`, ...lines.map(indent), ...withExpandedInput(indent(put), body)];
}

function indent(line: string): string {
  return `  ${line}`;
}

function branchStep({ environment, repository, branch }: Wanted, machine: Machine): Step {
  const path = `/environments/${inPath(environment)}`;
  const what = `environment ${environment}: branch ${branch}`;
  const rules = `${path}/deployment-branch-policies`;
  const body = { name: branch, type: 'branch' };
  return {
    what,
    where: nameOf(repository),
    script: [
      shellCommand(
        'gh',
        apiArguments(repository, rules, [
          ...['--method', 'POST', '-f', `name=${branch}`, '-f', 'type=branch'],
        ]),
      ),
    ],
    async carryOut() {
      const found = bodyOf(await askGitHub(machine, repository, path), `looking at the ${what}`);
      const policy = found['deployment_branch_policy'];
      if (isJsonObject(policy) && policy['protected_branches'] === true)
        return { state: 'unchanged', detail: 'it admits protected branches' };
      const listed = await askGitHub(machine, repository, `${rules}?per_page=100`);
      const names = namesOf(bodyOf(listed, `looking at the ${what}`)['branch_policies']);
      const others = names.filter(name => name !== branch);
      const more =
        others.length === 0
          ? {}
          : { warning: `the environment ${environment} admits ${others.map(quote).join(', ')} too` };
      if (names.includes(branch)) return { state: 'unchanged', ...more };
      const answer = await sendToGitHub(machine, repository, { method: 'POST', path: rules, body });
      if (answer.status === 422 && isAboutPlan(answer))
        throw planLacks({ environment, repository, branch, reviewers: [] });
      bodyOf(answer, `writing the ${what}`);
      return { state: 'done', ...more };
    },
  };
}

function namesOf(policies: JsonValue | undefined): string[] {
  return (Array.isArray(policies) ? policies : [])
    .filter(isJsonObject)
    .map(({ name, type }) => (type === 'tag' ? `tag ${String(name)}` : String(name)));
}
