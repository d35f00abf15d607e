import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFile } from '@slipway/render';
import { type WorkflowSettings, workflowFiles } from '@slipway/workflows';
import { type Compared, compareWorkflows } from './compare.ts';
import { describeApplication } from './describe.ts';
import { differenceOf, isShown, losesWork, sentenceOf } from './sentences.ts';

const USAGE = `npm run workflows -- [flags]    writes .github/workflows/ from slipway.yaml and formations/
  --repository <folder>   the repository; by default the folder that the command is called in
  --application <path>    the path of slipway.yaml in it; by default slipway.yaml
  --check                 writes nothing, says what is out of date, and fails if anything is
  --force                 overwrites what was changed by hand, after showing it
  --shared                files that workflows of other repositories call
  --ghes                  for GitHub Enterprise Server
  --branch <name>         the branch whose pushes are released; by default main
  --runs-on <label>       the runners; by default ubuntu-latest
  --version <tag|commit>  of Slipway's actions; by default v1
  --id-token              jobs that reach a cluster may get GitHub's identity token, for a login without a stored secret
  --exact-deployments     GitHub's deployments are at the commit of the images, and not at that of the run
  --record-key            records, snapshots and verdicts are signed with the secret RECORD_KEY`;

const FLAG = { type: 'boolean', default: false } as const;
const OPTIONS = {
  repository: { type: 'string' },
  application: { type: 'string', default: 'slipway.yaml' },
  branch: { type: 'string' },
  'runs-on': { type: 'string' },
  version: { type: 'string' },
  ...{
    check: FLAG,
    force: FLAG,
    shared: FLAG,
    ghes: FLAG,
    'id-token': FLAG,
    'exact-deployments': FLAG,
    'record-key': FLAG,
    help: FLAG,
  },
} as const;

type Values = ReturnType<typeof readArguments>;

function readArguments(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS }).values;
}

function settingsOf(values: Values): Partial<WorkflowSettings> {
  const { branch, version, 'runs-on': runsOn } = values;
  return {
    target: values.ghes ? 'ghes' : 'github',
    form: values.shared ? 'shared' : 'own',
    idToken: values['id-token'] ? 'write' : 'none',
    deployments: values['exact-deployments'] ? 'exact' : 'github',
    signing: values['record-key'] ? 'record-key' : 'none',
    ...(branch === undefined ? {} : { branch }),
    ...(runsOn === undefined ? {} : { runsOn }),
    ...(version === undefined ? {} : { version }),
  };
}

/** What the command is called in. */
export interface Surroundings {
  /** The folder of the repository, unless a flag names another. */
  readonly folder: string;
  /** Takes lines about what was done. */
  print(text: string): void;
  /** Takes lines about what is wrong. */
  complain(text: string): void;
}

/** @returns the exit code: 1 where a file is not as it should be and stays so, 2 where the command cannot tell what it should be */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const values = readArguments(argv);
    if (!values.help) return await updateWorkflows(values, surroundings);
    surroundings.print(USAGE);
    return 0;
  } catch (error) {
    surroundings.complain(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

async function updateWorkflows(values: Values, surroundings: Surroundings): Promise<number> {
  const repository = resolve(surroundings.folder, values.repository ?? '.');
  const application = await describeApplication(repository, values.application);
  const files = workflowFiles(application, settingsOf(values));
  const stale = compareWorkflows(repository, application, files).filter(
    ({ state, lost }) => state !== 'current' || lost.length > 0,
  );
  if (values.check) return report(stale, surroundings);
  const refused = stale.filter(file => (values.force ? file.state === 'taken' : losesWork(file)));
  for (const file of stale.filter(isShown)) surroundings.complain(differenceOf(file));
  if (refused.length > 0) return report(refused, surroundings);
  for (const file of stale) await write(repository, file, surroundings);
  return 0;
}

function report(files: readonly Compared[], { complain }: Surroundings): number {
  for (const file of files) complain(sentenceOf(file));
  return files.length === 0 ? 0 : 1;
}

async function write(repository: string, { path, text }: Compared, { print }: Surroundings): Promise<void> {
  const file = join(repository, path);
  if (text === undefined) rmSync(file);
  else await replaceFile(file, text);
  print(`${text === undefined ? 'removed' : 'wrote'} ${path}`);
}
