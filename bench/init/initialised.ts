import { execFile } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { toolPath } from '@slipway/testbed';
import { makeRepository, type TestRepository } from '@slipway/testkit/repositories';
import { writeByHand } from './by-hand.ts';
import type { InitStage } from './stage.ts';

const run = promisify(execFile);
const PROGRAM = resolve(import.meta.dirname, '../../dist/slipway.js');

/** A checkout of a test repository with what `slipway init` wrote, and what a person wrote after it. */
export interface Initialised {
  readonly folder: string;
  readonly path: string;
  readonly commit: string;
  readonly files: number;
  readonly guesses: number;
  readonly byHand: number;
  readonly secrets: Readonly<Record<string, string>>;
  /** The texts of its Dockerfiles. */
  readonly dockerfiles: readonly string[];
  readonly formation: string;
  readonly namespace: string;
  /** The path of slipway.yaml. */
  readonly application: string;
}

/** The programs that a step finds: those of the stage, and what rendering this repository needs. */
async function pathOf({ tools = [] }: TestRepository, stage: InitStage): Promise<string> {
  const folders = await Promise.all(tools.map(async tool => dirname(await toolPath(tool))));
  return [...folders, stage.path].join(':');
}

/** @throws Error with what init said if it writes nothing */
export async function initialise(repository: TestRepository, stage: InitStage): Promise<Initialised> {
  const folder = join(stage.directory, repository.name);
  await cp(await makeRepository(repository), folder, { recursive: true, verbatimSymlinks: true });
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', ...args], { cwd: folder }))
      .stdout;
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message', 'Before');
  const registry = `registry=${stage.registry}/acme/${repository.name}`;
  const flags = ['init', '--yes', '--without-workflows', '--answer', registry];
  const path = await pathOf(repository, stage);
  await run(process.execPath, [PROGRAM, ...flags], { cwd: folder, env: { ...process.env, PATH: path } });
  const written = await writeByHand(repository.name, folder, stage);
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message', 'Add Slipway');
  const added = (await git('diff', '--name-only', '--diff-filter=A', 'HEAD~1')).trim().split('\n');
  const texts = new Map(
    await Promise.all(added.map(async path => [path, await readFile(join(folder, path), 'utf8')] as const)),
  );
  return {
    folder,
    path,
    commit: (await git('rev-parse', 'HEAD')).trim(),
    files: added.length,
    guesses: [...texts.values()].reduce((sum, text) => sum + text.split('# guess: ').length - 1, 0),
    byHand: written.count,
    secrets: written.secrets,
    dockerfiles: await dockerfilesIn(folder),
    ...formationOf(texts),
  };
}

async function dockerfilesIn(folder: string): Promise<readonly string[]> {
  const paths = (await readdir(folder, { recursive: true })).filter(path => /(?:^|\/)Dockerfile$/.test(path));
  return await Promise.all(paths.map(path => readFile(join(folder, path), 'utf8')));
}

/** The formation that is not promoted from another, and where it goes. */
function formationOf(
  texts: ReadonlyMap<string, string>,
): Pick<Initialised, 'formation' | 'namespace' | 'application'> {
  const formations = [...texts].filter(([path]) => /(?:^|\/)formations\/[^/]+\.yaml$/.test(path));
  const [, text = ''] = formations.find(([, one]) => !/^\s*promoted-from:/m.test(one)) ?? [];
  return {
    formation: /^ {2}name: (\S+)/m.exec(text)?.[1] ?? '',
    namespace: /\bnamespace: ([\w-]+)/.exec(text)?.[1] ?? '',
    application: [...texts.keys()].find(path => /(?:^|\/)slipway\.yaml$/.test(path)) ?? '',
  };
}
