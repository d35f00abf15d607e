import { API_VERSION, type Diagnosis, SlipwayError } from '@slipway/core';
import { type Repository, readRepository } from '@slipway/render';
import type { Application } from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { Machine } from '../machine/machine.ts';
import { findRepository, type GitHubRepository, originOf } from '../outside/github-repository.ts';
import { findWorkspace } from '../rendering/workspace.ts';
import { type SetupTarget, spawnedTargets, targetsOf } from '../setup/targets.ts';
import { sayJson } from '../tell/say.ts';
import { describeApplication } from '../workflows/describe.ts';
import { type Check, fine, orUnknown, unknown } from './check.ts';
import { clusterChecks } from './cluster-checks.ts';
import { checkHost, machineChecks } from './machine-checks.ts';
import { lacksTrial } from './network/network-checks.ts';
import { gitHubChecks } from './on-github.ts';
import { permissionChecks } from './permission-checks.ts';
import { checkOwners, checkWorkflowFiles, repositoryProblems } from './repository-checks.ts';
import { sayChecks } from './say-checks.ts';
import { checkSchedule } from './schedule-checks.ts';
import { workflowsFix } from './workflows-fix.ts';
import { readWorkflows } from './written-workflows.ts';

interface Found {
  readonly application: Application;
  readonly targets: readonly SetupTarget[];
  /** Those of formations that have instances. */
  readonly spawned: readonly SetupTarget[];
  readonly repository: Repository;
  /** The folder of the checkout, absolute. */
  readonly folder: string;
}

/** Says what a release needs and whether it is there. It only reads, but for a trial that was asked for and confirmed. */
export async function doctorCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const checks = onceEach(await allChecks(given, machine));
  const diagnosis: Diagnosis = { apiVersion: API_VERSION, kind: 'Diagnosis', checks };
  if (given.has('json')) sayJson(machine, diagnosis);
  else sayChecks(checks, machine);
  return lacksTrial(given, checks) || checks.some(({ state }) => state === 'missing') ? 1 : 0;
}

/** Destinations of one namespace are looked at once. */
function onceEach(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map(check => [JSON.stringify(check), check])).values()];
}

async function allChecks(given: Arguments, machine: Machine): Promise<Check[]> {
  const { folder, pathOf } = await findWorkspace(given, machine);
  const path = pathOf(given.text('application') ?? 'slipway.yaml');
  const read = await readAll(folder, path, given.operands);
  if (Array.isArray(read))
    return [...(await machineChecks(false, machine)), ...read, ...notLooked(`${path} cannot be read`)];
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
    const spawned = spawnedTargets(repository, formations);
    const others = formations.filter(name => !repository.spawning.has(name));
    const hasOthers = formations.length === 0 ? repository.formations.size > 0 : others.length > 0;
    const targets = spawned.length > 0 && !hasOthers ? [] : targetsOf(repository, others);
    return { application: await describeApplication(folder, path), repository, targets, spawned, folder };
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === 'target-unknown') throw error;
    return repositoryProblems(error, path);
  }
}

async function outsideChecks(given: Arguments, found: Found, machine: Machine): Promise<Check[]> {
  const { workflows, checks } = await readWorkflows(found.folder);
  const fix = workflowsFix(given, machine, found.application.path);
  const usesPackages = /^(?:ghcr\.io|containers\.)/.test(found.application.registry);
  const files = [
    ...(await checkWorkflowFiles(found.folder, found.application, workflows, fix)),
    ...checks,
    ...permissionChecks(workflows, usesPackages),
    ...(await checkSchedule(found.application, workflows, fix)),
  ];
  const remote = { area: 'repository', what: 'repository on GitHub' } as const;
  let github: GitHubRepository | undefined;
  const named = await orUnknown(remote, async () => {
    github = await findRepository(given.text('repo'), found.folder, machine);
    return [await checkHost(remote, github, machine)];
  });
  if (github === undefined) {
    const remoteFix = await namedFix(given, found.folder, machine);
    return [
      ...files,
      ...named.map(check => ({
        ...check,
        state: 'missing' as const,
        fix: remoteFix,
      })),
      ...notLooked('the repository on GitHub is not known'),
    ];
  }
  return [
    ...files,
    ...named,
    ...(await clusterChecks({ ...found, given, github, workflows }, machine)),
    ...(await gitHubChecks(given, { ...found, workflows }, github, machine)),
  ];
}

/** How the repository is named: by a flag that is wrong, or by a remote that is missing or another one. */
async function namedFix(given: Arguments, folder: string, machine: Machine): Promise<string> {
  if (given.text('repo') !== undefined) return 'call it with --repo <owner>/<name>';
  // Where Git cannot be asked, an earlier check says so.
  const origin = await originOf(folder, machine).catch(() => undefined);
  const verb = origin === undefined ? 'add' : 'set-url';
  return `git remote ${verb} origin git@github.com:<owner>/<name>.git`;
}

/** What was not looked at is not known. */
function notLooked(why: string): Check[] {
  return [
    unknown({ area: 'cluster', what: 'clusters' }, why),
    unknown({ area: 'github', what: 'environments and secrets' }, why),
  ];
}
