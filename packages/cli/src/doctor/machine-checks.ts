import { excerpt, SlipwayError } from '@slipway/core';
import { GIT } from '@slipway/git';
import type { Machine } from '../machine/machine.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';
import { gh } from '../outside/programs.ts';
import { type Check, fine, type Looked, missing, unknown } from './check.ts';

interface Tool {
  readonly name: string;
  readonly args: readonly string[];
  /** Finds major and minor in what it prints. */
  readonly version: RegExp;
  /** The oldest that does, as major and minor. */
  readonly least?: readonly [major: number, minor: number];
  readonly get: string;
}

const TOOLS: readonly Tool[] = [
  {
    name: GIT,
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    get: 'install git: https://git-scm.com/downloads',
  },
  {
    name: 'kubectl',
    args: ['version', '--client', '-o', 'json'],
    version: /"gitVersion": "v(\d+)\.(\d+)/,
    least: [1, 24],
    get: 'install kubectl: https://kubernetes.io/docs/tasks/tools/',
  },
  {
    name: 'gh',
    args: ['--version'],
    version: /version (\d+)\.(\d+)/,
    least: [2, 4],
    get: 'install gh: https://cli.github.com',
  },
];
const SOPS: Tool = {
  name: 'sops',
  args: ['--version'],
  version: /(\d+)\.(\d+)/,
  least: [3, 10],
  get: 'install sops: https://github.com/getsops/sops/releases',
};

/** Whether the programs that people use beside Slipway are on this machine. */
export async function machineChecks(usesSops: boolean, machine: Machine): Promise<Check[]> {
  return await Promise.all([...TOOLS, ...(usesSops ? [SOPS] : [])].map(tool => checkTool(tool, machine)));
}

async function checkTool({ name, args, version, least, get }: Tool, { exec }: Machine): Promise<Check> {
  const looked = { area: 'machine', what: name } as const;
  try {
    const { exitCode, stdout, stderr } = await exec(name, args);
    const [, major, minor] = version.exec(stdout) ?? [];
    if (exitCode !== 0 || major === undefined)
      return unknown(
        looked,
        `it does not say its version: ${excerpt(stderr.split('\n')[0] ?? '', 200)}`,
        get,
      );
    const found = `${major}.${minor}`;
    const isOld =
      least !== undefined &&
      (Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1]));
    return isOld ? missing(looked, `${found} is older than ${least.join('.')}`, get) : fine(looked, found);
  } catch (error) {
    if (error instanceof SlipwayError) return missing(looked, 'it is not on this machine', get);
    throw error;
  }
}

/** Whether someone is logged in to GitHub's own program. */
export async function checkLogin(host: string, machine: Machine): Promise<Check> {
  const looked = { area: 'machine', what: `login of gh to ${host}` } as const;
  const fix = `gh auth login --hostname ${host}`;
  try {
    const answer = await gh(machine, ['api', '--hostname', host, 'user', '--jq', '.login']);
    if (answer.exitCode === 0) return fine(looked, excerpt(answer.stdout.trim(), 60));
    return /HTTP 401|gh auth login|token/i.test(answer.said)
      ? missing(looked, answer.said, fix)
      : unknown(looked, answer.said, fix);
  } catch (error) {
    if (error instanceof SlipwayError) return unknown(looked, 'gh cannot be run');
    throw error;
  }
}

/** Whether what a remote names is on GitHub: of another host than github.com only a login to it knows that. */
export async function checkHost(
  looked: Looked,
  repository: GitHubRepository,
  machine: Machine,
): Promise<Check> {
  const { host } = repository;
  const isKnown = host === 'github.com' || (await checkLogin(host, machine)).state === 'fine';
  return isKnown
    ? fine(looked, nameOf(repository))
    : unknown(
        looked,
        `${nameOf(repository)}, if ${host} is a GitHub Enterprise Server, to which gh is not logged in; nothing of Slipway's runs elsewhere`,
      );
}
