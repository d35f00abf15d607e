import { basename, dirname } from 'node:path';
import { type Application, WORKFLOWS_FOLDER, writtenFor, writtenFrom } from '@slipway/workflows';
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
export function checkSchedule(
  application: Application,
  workflows: readonly WrittenWorkflow[],
  fix: string,
): Check[] {
  const formations = inSteps(application);
  if (formations.length === 0) return [];
  const looking = scheduledLooks(application, workflows);
  if (looking.length > 0) return [fine(LOOKED, looking.map(({ path }) => path).join(', '))];
  const none = 'no workflow has a schedule and looks at open releases, such as progress.yml';
  const waiting = formations.filter(({ steps }) => steps?.outlasts === true).map(({ name }) => name);
  return [
    waiting.length === 0
      ? advice(LOOKED, `${none}, so that nothing takes back what a lost run leaves open or what expires`, fix)
      : missing(
          LOOKED,
          `${none}, so that releases of ${waiting.join(', ')}, which wait for time, are refused`,
          fix,
        ),
  ];
}

/** Whether GitHub starts one of them: it has to be on the default branch, and GitHub disables it after 60 days without a commit. */
export async function checkScheduleOnGitHub(
  application: Application,
  workflows: readonly WrittenWorkflow[],
  repository: GitHubRepository,
  machine: Machine,
): Promise<Check[]> {
  const found: Check[] = [];
  for (const { path } of inSteps(application).length === 0 ? [] : scheduledLooks(application, workflows)) {
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

function inSteps({ formations }: Application): Application['formations'] {
  return formations.filter(({ steps }) => steps !== undefined);
}

/** Those that GitHub reads, which are in the folder itself, and that are not written for another application. */
function scheduledLooks(
  { name, path: from }: Application,
  workflows: readonly WrittenWorkflow[],
): WrittenWorkflow[] {
  const isOfAnother = (text: string): boolean =>
    writtenFor(text) !== undefined && (writtenFor(text) !== name || writtenFrom(text) !== from);
  return workflows.filter(
    ({ path, text, isScheduledLook }) =>
      isScheduledLook && dirname(path) === WORKFLOWS_FOLDER && !isOfAnother(text),
  );
}
