import {
  type Application,
  roomEnvironment,
  spawnedEnvironment,
  writtenFor,
  writtenFrom,
} from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import type { Machine } from '../machine/machine.ts';
import { askGitHub } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import type { SetupTarget } from '../setup/targets.ts';
import { onlyBranchOf } from '../workflows/released-branch.ts';
import { type Check, orUnknown, unknown } from './check.ts';
import { checkDecide, checkHome } from './decision-checks.ts';
import { checkEnvironment, readSecrets } from './github-checks.ts';
import { checkLogin } from './machine-checks.ts';
import { type Admitting, checkPreviews } from './preview-checks.ts';
import { checkScheduleOnGitHub } from './schedule-checks.ts';
import { secretChecks } from './secret-checks.ts';
import { setupFor } from './setup-for.ts';
import { workflowsFix } from './workflows-fix.ts';
import type { WrittenWorkflow } from './written-workflows.ts';

/** The environments of destinations whose releases go in steps, or wait for decisions as well. */
function stepsIn(targets: readonly SetupTarget[], ways: readonly SetupTarget['steps'][]): string[] {
  const own = targets.filter(({ steps }) => steps !== undefined && ways.includes(steps));
  return [...new Set(own.flatMap(({ environment }) => environment ?? []))];
}

/** Those that were written for an application; others may release another branch. */
function ownFiles(workflows: readonly WrittenWorkflow[], { name, path }: Application): WrittenWorkflow[] {
  return workflows.filter(({ text }) => writtenFor(text) === name && writtenFrom(text) === path);
}

/** The environments of instances, and whom each has to admit. */
function spawnedIn({ spawned = [] }: Application): ReadonlyMap<string, Admitting> {
  return new Map(
    spawned.flatMap((one): [string, Admitting][] =>
      one.form === 'create'
        ? [
            [spawnedEnvironment(one), 'pulls'],
            [roomEnvironment(one), 'default branch'],
          ]
        : [[spawnedEnvironment(one), 'both']],
    ),
  );
}

/** What is looked at on GitHub, and for which application. */
export interface ForGitHub {
  readonly application: Application;
  readonly targets: readonly SetupTarget[];
  readonly workflows: readonly WrittenWorkflow[];
}

/** What a release needs on GitHub: the login, the environments with their rules, the schedule, and the secrets of each job. */
export async function gitHubChecks(
  given: Arguments,
  { targets, application, workflows }: ForGitHub,
  github: GitHubRepository,
  machine: Machine,
): Promise<Check[]> {
  const login = await checkLogin(github.host, machine);
  const looked = { area: 'github', what: `environments and secrets of ${nameOf(github)}` } as const;
  if (login.state !== 'fine') return [login, unknown(looked, 'gh is not logged in')];
  // A repository that an account may not see is not found, and so is all that is in it.
  const seen = await askGitHub(machine, github, '');
  if (seen.status !== 200) return [login, unknown(looked, seen.answer.said)];
  const environments = [...new Set(targets.flatMap(({ environment }) => environment ?? []))];
  const formationOf = (environment: string): string =>
    targets.find(target => target.environment === environment)?.formation ?? '';
  const released = onlyBranchOf(ownFiles(workflows, application));
  const checks = await orUnknown(looked, async () => {
    const found: Check[] = [];
    for (const environment of environments) {
      const fix = `${setupFor(given, targets, [formationOf(environment)])} --apply --yes`;
      found.push(await checkEnvironment(environment, released, github, fix, machine));
    }
    for (const environment of stepsIn(targets, ['decided', 'watched'])) {
      const setup = `${setupFor(given, targets, [formationOf(environment)])} --apply --yes`;
      const place = { repository: github, released, setup };
      if (stepsIn(targets, ['decided']).includes(environment))
        found.push(await checkDecide(environment, place, machine));
      found.push(await checkHome(environment, place, machine));
    }
    for (const [environment, admitting] of spawnedIn(application))
      found.push(...(await checkPreviews(environment, admitting, github, seen.body, machine)));
    found.push(...(await checkScheduleOnGitHub(application, workflows, github, machine)));
    const used = workflows.flatMap(({ jobs }) => jobs.flatMap(job => job.environment ?? []));
    const homes = stepsIn(targets, ['decided', 'watched']).map(name => `${name}-home`);
    const names = [...new Set([...environments, ...homes, ...used.filter(name => !name.includes('${{'))])];
    const known = await readSecrets(names, github, machine);
    const all = setupFor(
      given,
      targets,
      application.formations.map(({ name }) => name),
    );
    const setup = `${all} --apply --yes`;
    const kubeconfigs = new Map([
      ['KUBECONFIG', setup],
      ['VIEWER_KUBECONFIG', `${all} --for status --apply --yes`],
      ['PLANNER_KUBECONFIG', `${all} --for plan --apply --yes`],
    ]);
    const place = {
      repository: `${github.host}/${github.owner}/${github.name}`,
      ...{ environments, homes },
      setup,
      kubeconfigs,
      workflows: workflowsFix(given, machine, application.path),
    };
    return [...found, ...secretChecks(workflows, known, place)];
  });
  return [login, ...checks];
}
