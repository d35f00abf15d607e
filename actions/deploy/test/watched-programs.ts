import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A program that a run started, or that such a program started. */
export interface SeenProgram {
  readonly program: string;
  readonly arguments: readonly string[];
  /** As `NAME=value`. */
  readonly environment: readonly string[];
  /** All that was in the watched folders when it was started and when it ended, and their paths. */
  readonly files: readonly [before: string, after: string];
}

export interface WatchedPrograms {
  /** PATH with these programs before all others. */
  readonly path: string;
  /** What has a Node process write down which programs it starts. */
  readonly environment: { readonly NODE_OPTIONS: string };
  /** Since the last call, those that were found in PATH. */
  seen(): Promise<SeenProgram[]>;
  /** Since the beginning, the path of each program that the run itself started, and what it was started with. */
  started(): Promise<readonly StartedProgram[]>;
}

interface StartedProgram {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: readonly string[];
}

/**
 * Puts programs before others that write down what they see before and after the real ones do their work.
 * @param name of the folder that they are in; each process has it in its environment
 * @param programs the real ones, by the names by which they are called
 * @param folders whose files are looked at
 */
export async function watchPrograms(options: {
  readonly directory: string;
  readonly name: string;
  readonly programs: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
}): Promise<WatchedPrograms> {
  const root = await mkdtemp(join(options.directory, 'watched-'));
  const [own, records, starts] = [join(root, options.name), join(root, 'records'), join(root, 'starts')];
  await Promise.all([mkdir(own), mkdir(records), writeFile(starts, '')]);
  for (const [name, program] of Object.entries(options.programs))
    await writeFile(join(own, name), watching(name, program, { records, folders: options.folders }), {
      mode: 0o755,
    });
  const hook = join(root, 'hook.cjs');
  await writeFile(hook, hookWriting(starts));
  const looked = new Set<string>();
  return {
    path: [own, process.env['PATH']].join(delimiter),
    environment: { NODE_OPTIONS: `--require=${hook}` },
    async seen() {
      const names = (await readdir(records)).filter(record => !looked.has(record));
      for (const name of names) looked.add(name);
      return await Promise.all(names.map(name => readRecord(join(records, name), name)));
    },
    async started() {
      const lines = (await readFile(starts, 'utf8')).split('\n').filter(line => line !== '');
      return lines.map(line => JSON.parse(line) as StartedProgram);
    },
  };
}

function watching(
  name: string,
  program: string,
  { records, folders }: { readonly records: string; readonly folders: readonly string[] },
): string {
  const copy = (when: string): string =>
    `mkdir "$record/${when}" && cp -R ${folders.map(folder => `'${folder}'`).join(' ')} "$record/${when}"`;
  return `#!/bin/sh
record=$(mktemp -d '${records}/${name}-XXXXXX')
cat /proc/$$/cmdline > "$record/arguments"
cat /proc/$$/environ > "$record/environment"
${copy('before')}
'${program}' "$@"
code=$?
${copy('after')}
exit $code
`;
}

/** Every process of Node is started by this method. */
function hookWriting(path: string): string {
  return `
const { ChildProcess } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  const { file, args, envPairs } = options;
  appendFileSync(${JSON.stringify(path)}, JSON.stringify({ file, arguments: args, environment: envPairs }) + '\\n');
  return spawn.call(this, options);
};
`;
}

async function readRecord(folder: string, name: string): Promise<SeenProgram> {
  const words = async (file: string): Promise<string[]> =>
    (await readFile(join(folder, file), 'utf8')).split('\0').filter(word => word !== '');
  return {
    program: name.replace(/-[^-]*$/, ''),
    arguments: await words('arguments'),
    environment: await words('environment'),
    files: [await filesBelow(join(folder, 'before')), await filesBelow(join(folder, 'after'))],
  };
}

/** The paths and the content of all files below some folders, one byte a character. */
export async function filesBelow(...folders: readonly string[]): Promise<string> {
  const lists = await Promise.all(
    folders.map(folder => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const files = lists.flat().filter(entry => entry.isFile());
  const texts = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return `${path}\n${await readFile(path, 'latin1')}`;
  });
  return (await Promise.all(texts)).join('\n');
}
