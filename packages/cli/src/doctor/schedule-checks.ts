import { basename, dirname } from 'node:path';
import { type Application, type LooksAt, looksAt, WORKFLOWS_FOLDER } from '@slipway/workflows';
import type { Machine } from '../machine/machine.ts';
import { askGitHub, inPath } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { shellCommand } from '../outside/shell.ts';
import { advice, type Check, fine, missing, unknown } from './check.ts';
import type { WrittenWorkflow } from './written-workflows.ts';

const LOOKED = { area: 'workflows', what: 'schedule for releases in steps' } as const;

/**
 * Whether a workflow looks at open releases on a schedule. Without one deploy refuses releases that wait for time; others begin, and nothing
 * takes one back that a lost run has left or that has expired.
 * @param fix the command that writes the workflows
 */
export async function checkSchedule(
  application: Application,
  workflows: readonly WrittenWorkflow[],
  fix: string,
): Promise<Check[]> {
  const [looked, unclear, unlooked]: [Set<string>, Set<string>, Stepped[]] = [new Set(), new Set(), []];
  for (const formation of inSteps(application)) {
    const own = await lookingAt(application, formation, workflows, 'own');
    const perhaps = own.length > 0 ? [] : await lookingAt(application, formation, workflows, 'unclear');
    for (const path of own) looked.add(path);
    for (const path of perhaps) unclear.add(path);
    if (own.length + perhaps.length === 0) unlooked.push(formation);
  }
  return [
    ...(unlooked.length > 0 ? [nothingLooks(unlooked, fix)] : []),
    ...(unclear.size > 0
      ? [
          unknown(
            LOOKED,
            `${[...unclear].join(', ')} does not say whose releases it looks at; give its step or call the inputs "application" and "formation"`,
          ),
        ]
      : []),
    ...(looked.size > 0 && unlooked.length + unclear.size === 0
      ? [fine(LOOKED, [...looked].join(', '))]
      : []),
  ];
}

function nothingLooks(formations: readonly Stepped[], fix: string): Check {
  const names = formations.map(({ name }) => name).join(', ');
  const none = `no workflow has a schedule and looks at open releases of ${names}, such as progress.yml`;
  const waiting = formations.filter(({ steps }) => steps?.outlasts === true).map(({ name }) => name);
  return waiting.length === 0
    ? advice(LOOKED, `${none}, so that nothing takes back what a lost run leaves open or what expires`, fix)
    : missing(
        LOOKED,
        `${none}, so that releases of ${waiting.join(', ')}, which wait for time, are refused`,
        fix,
      );
}

/** Whether GitHub starts one of them: it has to be on the default branch, and GitHub disables it after 60 days without a commit. */
export async function checkScheduleOnGitHub(
  application: Application,
  workflows: readonly WrittenWorkflow[],
  repository: GitHubRepository,
  machine: Machine,
): Promise<Check[]> {
  const paths = new Set<string>();
  for (const formation of inSteps(application))
    for (const path of await lookingAt(application, formation, workflows, 'own')) paths.add(path);
  const found: Check[] = [];
  for (const path of paths) {
    const check = await stateOf(path, repository, machine);
    if (check.state === 'fine') return [check];
    found.push(check);
  }
  return found;
}

async function stateOf(path: string, repository: GitHubRepository, machine: Machine): Promise<Check> {
  const looked = { area: 'github', what: `schedule of ${path}` } as const;
  const file = basename(path);
  const { status, body, answer } = await askGitHub(machine, repository, `/actions/workflows/${inPath(file)}`);
  if (status === 404)
    return advice(
      looked,
      `${nameOf(repository)} does not have the workflow on its default branch yet, and GitHub starts a schedule from there only`,
      'merge it to the default branch',
    );
  if (status !== 200) return unknown(looked, answer.said);
  if (body['state'] === 'active') return fine(looked);
  const { host, owner, name } = repository;
  return missing(
    looked,
    `GitHub has disabled it (${String(body['state'])}), so that nothing looks at open releases`,
    shellCommand('gh', ['workflow', 'enable', file, '--repo', `${host}/${owner}/${name}`]),
  );
}

type Stepped = Application['formations'][number];

function inSteps({ formations }: Application): Stepped[] {
  return formations.filter(({ steps }) => steps !== undefined);
}

/** The paths of those that GitHub reads, which are in the folder itself, and that deploy would find. */
async function lookingAt(
  application: Application,
  formation: Stepped,
  workflows: readonly WrittenWorkflow[],
  wanted: LooksAt,
): Promise<string[]> {
  const at = { application: application.name, path: application.path, formation: formation.name };
  const read = async (path: string): Promise<WrittenWorkflow | undefined> =>
    workflows.find(workflow => workflow.path === path);
  const found: string[] = [];
  for (const workflow of workflows)
    if (dirname(workflow.path) === WORKFLOWS_FOLDER && (await looksAt(workflow, at, read)) === wanted)
      found.push(workflow.path);
  return found;
}
