/**
 * dist/start.mjs: what each entry of the bundle calls. It has no import but Node's own, so that it can tell what is wrong with the rest.
 */
import { appendFileSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bytes of each other file of dist/ by its path from here; `npm run bundle` writes them. */
declare const FILES: Readonly<Record<string, number>>;

type Environment = Readonly<Record<string, string | undefined>>;

interface Library {
  load(name: string): Promise<() => Promise<void>>;
  loadProgram(): Promise<(process: NodeJS.Process) => Promise<void>>;
}

const CODE = 'bundle-incomplete';
const REMEDY = "delete the runner's copy of the action and run the job again";

/** Runs an action of the library. A bundle that is not whole is one error with a code instead of a stack. */
async function start(action: string, environment: Environment): Promise<void> {
  useCompileCache(environment);
  const found = await loaded(library => library.load(action));
  if ('damage' in found) return fail(environment, found.damage);
  await found.run();
}

/** Runs the program of the library. */
async function startProgram(process: NodeJS.Process): Promise<void> {
  const answer = fixedAnswer(process.argv.slice(2));
  if (answer !== undefined) return print(answer, process);
  const found = await loaded(library => library.loadProgram());
  if (!('damage' in found)) return await found.run(process);
  console.error(`error: the bundle is incomplete: ${found.damage}; install slipway again (${CODE})`);
  process.exitCode = 2;
}

/** As the library does it for every other answer: a closed pipe is quiet, and whatever is lost is exit code 2. */
function print(answer: string, { stdout }: NodeJS.Process): void {
  stdout.once('error', ({ code }: NodeJS.ErrnoException) => {
    process.exitCode = 2;
    if (code !== 'EPIPE')
      console.error(
        `error: standard output cannot be written (${code}), so that the answer is lost or cut short; free the disk or send it elsewhere, and run it again (answer-unwritable)`,
      );
  });
  stdout.write(`${answer}\n`);
}

/** The answer to `--version` and the pages of `--help`, which `npm run bundle` writes so that they need no library. */
function fixedAnswer(args: readonly string[]): string | undefined {
  if (!['--help', '--version'].includes(args.at(-1) ?? '')) return undefined;
  try {
    const answers: Record<string, string> = JSON.parse(
      readFileSync(new URL('answers.json', import.meta.url), 'utf8'),
    );
    return Object.hasOwn(answers, args.join(' ')) ? answers[args.join(' ')] : undefined;
  } catch {
    // What is wrong with the bundle is said below.
    return undefined;
  }
}

type Loaded<Run> = { readonly run: Run } | { readonly damage: string };

/** A part of the library, or what is wrong with the bundle. */
async function loaded<Run>(load: (library: Library) => Promise<Run>): Promise<Loaded<Run>> {
  const damages = Object.entries(FILES).flatMap(([file, bytes]) => damageOf(file, bytes));
  if (damages.length > 0) return { damage: listed(damages) };
  try {
    return {
      run: await load((await import(new URL('library/slipway.mjs', import.meta.url).href)) as Library),
    };
  } catch (error) {
    return { damage: `a file in dist/library cannot be loaded (${firstLine(error)})` };
  }
}

/** Only sizes are compared: what was cut short or is of another version has another one, and reading all files would take too long. */
function damageOf(file: string, bytes: number): string[] {
  const size = statSync(new URL(file, import.meta.url), { throwIfNoEntry: false })?.size;
  if (size === bytes) return [];
  if (size === undefined) return [`dist/${file} is missing`];
  return [`dist/${file} ${size === 0 ? 'is empty' : `has ${size} bytes instead of ${bytes}`}`];
}

function listed([first, ...others]: readonly string[]): string {
  if (others.length === 0) return `${first}`;
  return `${first}, and ${others.length === 1 ? '1 more file is' : `${others.length} more files are`} missing or damaged`;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}

/** Speaks to the runner as packages/github does, which is part of the library. */
function fail(environment: Environment, what: string): void {
  const message = `the bundle is incomplete: ${what}; ${REMEDY} (${CODE})`;
  console.log(`::error title=Slipway%3A ${CODE}::${message.replaceAll('%', '%25')}`);
  const outputs = environment['GITHUB_OUTPUT'];
  if (outputs) appendFileSync(outputs, `error=${CODE}\n`);
  process.exitCode = 1;
}

/**
 * Lets V8 keep the compiled code for the later steps of the job. Whoever can write to the cache decides what the action runs, so it is
 * kept only where no other user can write: in a folder of the runner's temporary folder, which the runner empties before each job.
 */
function useCompileCache(environment: Environment): void {
  const temporary = environment['RUNNER_TEMP'];
  if (!temporary || !isPrivate(temporary)) return;
  const folder = join(temporary, 'slipway-compile-cache');
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // An earlier step made it, or it cannot be made: then it is not private either.
  }
  if (isPrivate(folder)) module.enableCompileCache(folder);
}

/** Whether only this user, or the one who owns the bundle and so could change it anyway, can write to the folder. */
function isPrivate(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const owners = [process.getuid?.(), statSync(fileURLToPath(import.meta.url)).uid];
  return found?.isDirectory() === true && owners.includes(found.uid) && (found.mode & 0o022) === 0;
}

// It is the last line, so that a file that was cut short exports nothing, which the entries notice.
export { start, startProgram };
