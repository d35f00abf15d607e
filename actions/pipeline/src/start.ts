/**
 * dist/start.js: what each entry of the bundle calls. It has no import but Node's own, so that it can tell what is wrong with the rest.
 */
import { appendFileSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files of the library by their paths from here; `npm run bundle` writes the list. */
declare const LIBRARY_FILES: readonly string[];

type Environment = Readonly<Record<string, string | undefined>>;

interface Library {
  load(name: string): Promise<() => Promise<void>>;
}

const CODE = 'bundle-incomplete';
const REMEDY = "delete the runner's copy of the action and run the job again";

/** Runs an action of the library. A library that cannot be loaded is one error with a code instead of a stack. */
export async function start(action: string, environment: Environment): Promise<void> {
  const lost = LIBRARY_FILES.filter(isLost);
  if (lost.length > 0) return fail(environment, `${listed(lost)} missing or empty`);
  useCompileCache(environment);
  let run: () => Promise<void>;
  try {
    const library = (await import(new URL('library/slipway.js', import.meta.url).href)) as Library;
    run = await library.load(action);
  } catch (error) {
    return fail(environment, `a file in dist/library cannot be loaded (${firstLine(error)})`);
  }
  await run();
}

function isLost(file: string): boolean {
  const found = statSync(new URL(file, import.meta.url), { throwIfNoEntry: false });
  return found === undefined || found.size === 0;
}

function listed([first, ...others]: readonly string[]): string {
  return others.length === 0 ? `dist/${first} is` : `dist/${first} and ${others.length} more files are`;
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
