import { API_VERSION, type Diagnosis, SlipwayError } from '@slipway/core';
import { type Repository, readRepository } from '@slipway/render';
import type { Application } from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { Machine } from '../machine/machine.ts';
import { askGitHub } from '../outside/github-api.ts';
import { findRepository, type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { findWorkspace } from '../rendering/workspace.ts';
import { arrangeScopes, type SecretScope } from '../setup/arrange.ts';
import { checkContextFlags, chooseContext, readContexts } from '../setup/contexts.ts';
import { type SetupTarget, targetsOf } from '../setup/targets.ts';
import { sayJson } from '../tell/say.ts';
import { describeApplication } from '../workflows/describe.ts';
import { type Check, fine, orUnknown, unknown } from './check.ts';
import { clusterChecks } from './cluster-checks.ts';
import { checkEnvironment, readSecrets } from './github-checks.ts';
import { checkLogin, machineChecks } from './machine-checks.ts';
import { permissionChecks } from './permission-checks.ts';
import { checkOwners, checkWorkflowFiles, repositoryProblems } from './repository-checks.ts';
import { sayChecks } from './say-checks.ts';
import { secretChecks } from './secret-checks.ts';
import { readWorkflows } from './written-workflows.ts';

interface Found {
  readonly application: Application;
  readonly targets: readonly SetupTarget[];
  readonly repository: Repository;
  /** The folder of the checkout, absolute. */
  readonly folder: string;
}

/** Says what a release needs and whether it is there. It only reads. */
export async function doctorCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const checks = onceEach(await allChecks(given, machine));
  const diagnosis: Diagnosis = { apiVersion: API_VERSION, kind: 'Diagnosis', checks };
  if (given.has('json')) sayJson(machine, diagnosis);
  else sayChecks(checks, machine);
  return checks.some(({ state }) => state === 'missing') ? 1 : 0;
}

/** Destinations of one namespace are looked at once. */
function onceEach(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map(check => [JSON.stringify(check), check])).values()];
}

async function allChecks(given: Arguments, machine: Machine): Promise<Check[]> {
  const { folder, pathOf } = await findWorkspace(given, machine);
  const path = pathOf(given.text('application') ?? 'slipway.yaml');
  const read = await readAll(folder, path, given.operands);
  if (Array.isArray(read)) return [...(await machineChecks(false, machine)), ...read];
  const usesSops = read.application.formations.some(({ secrets }) => secrets.sops.length > 0);
  return [
    ...(await machineChecks(usesSops, machine)),
    fine({ area: 'repository', what: path }),
    await checkOwners(folder),
    ...(await outsideChecks(given, read, machine)),
  ];
}

/** What is wrong with the files is a finding; a formation that does not exist is a wrong command line. */
async function readAll(
  folder: string,
  path: string,
  formations: readonly string[],
): Promise<Found | Check[]> {
  try {
    const repository = await readRepository({ workspace: folder, application: path });
    const targets = targetsOf(repository, formations);
    return { application: await describeApplication(folder, path), repository, targets, folder };
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === 'target-unknown') throw error;
    return repositoryProblems(error);
  }
}

async function outsideChecks(given: Arguments, found: Found, machine: Machine): Promise<Check[]> {
  const { workflows, checks } = await readWorkflows(found.folder);
  const usesPackages = /^(?:ghcr\.io|containers\.)/.test(found.application.registry);
  const files = [
    ...(await checkWorkflowFiles(found.folder, found.application, workflows)),
    ...checks,
    ...permissionChecks(workflows, usesPackages),
  ];
  const remote = { area: 'repository', what: 'repository on GitHub' } as const;
  let github: GitHubRepository | undefined;
  const named = await orUnknown(remote, async () => {
    github = await findRepository(given.text('repo'), found.folder, machine);
    return [fine(remote, nameOf(github))];
  });
  if (github === undefined)
    return [
      ...files,
      ...named.map(check => ({
        ...check,
        state: 'missing' as const,
        fix: 'git remote add origin git@github.com:<owner>/<name>.git',
      })),
    ];
  return [
    ...files,
    ...named,
    ...(await allClusters(given, found, github, machine)),
    ...(await gitHubChecks(found, github, workflows, machine)),
  ];
}

async function allClusters(
  given: Arguments,
  { repository, targets }: Found,
  github: GitHubRepository,
  machine: Machine,
): Promise<readonly Check[]> {
  const looked = { area: 'cluster', what: 'clusters' } as const;
  return await orUnknown(looked, async () => {
    const contexts = await readContexts(machine);
    checkContextFlags(targets, contexts, given.values('context'));
    const checks: Check[] = [];
    for (const target of targets) {
      const what = { area: 'cluster', what: `${target.formation}/${target.destination}` } as const;
      checks.push(
        ...(await orUnknown(what, async () => {
          const context = chooseContext(target, contexts, given.values('context'));
          const [scope] = arrangeScopes(aloneIn(repository, target), [{ ...target, context }]);
          return scope === undefined ? [] : await scopeChecks(scope, target, github, machine);
        })),
      );
    }
    return checks;
  });
}

/** A destination is looked at on its own, whatever it shares a secret with. */
function aloneIn(repository: Repository, { formation, destination }: SetupTarget): Repository {
  const own = repository.formations.get(formation);
  const stated = own?.spec.destinations[destination];
  if (own === undefined || stated === undefined) return repository;
  const alone = { ...own, spec: { ...own.spec, destinations: { [destination]: stated } } };
  return { ...repository, formations: new Map([[formation, alone]]) };
}

async function scopeChecks(
  { deployers, environment }: SecretScope,
  { formation }: SetupTarget,
  repository: GitHubRepository,
  machine: Machine,
): Promise<Check[]> {
  const fixes = {
    setup: `slipway setup ${formation} --apply --yes`,
    renew: `slipway setup ${formation} --renew --yes`,
  };
  const checks: Check[] = [];
  for (const deployer of deployers)
    checks.push(...(await clusterChecks(deployer, { repository, environment }, fixes, machine)));
  return checks;
}

async function gitHubChecks(
  { targets, application }: Found,
  github: GitHubRepository,
  workflows: Parameters<typeof secretChecks>[0],
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
  const checks = await orUnknown(looked, async () => {
    const found: Check[] = [];
    for (const environment of environments) {
      const fix = `slipway setup ${formationOf(environment)} --apply --yes`;
      found.push(await checkEnvironment(environment, github, fix, machine));
    }
    const used = workflows.flatMap(({ jobs }) => jobs.flatMap(job => job.environment ?? []));
    const names = [...new Set([...environments, ...used.filter(name => !name.includes('${{'))])];
    const known = await readSecrets(names, github, machine);
    const setup = `slipway setup ${application.formations.map(({ name }) => name).join(' ')} --apply --yes`;
    const place = { repository: `${github.host}/${github.owner}/${github.name}`, environments, setup };
    return [...found, ...secretChecks(workflows, known, place)];
  });
  return [login, ...checks];
}
