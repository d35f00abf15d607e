import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readActionFile } from './action-file.ts';

/** The entry in dist/ that the action.yml of a folder names, as an absolute path. */
export function entryOf(action: string): string {
  return resolve(action, readActionFile(join(action, 'action.yml')).runs.main);
}

/**
 * Copies all that a runner needs of a checkout of Slipway, as it would download it: each action.yml, and dist/.
 *
 * @param checkout a folder with actions/ and dist/
 * @param target an existing folder
 */
export function copyActions(checkout: string, target: string): void {
  const folders = readdirSync(join(checkout, 'actions')).map(name => `actions/${name}`);
  const files = ['.', ...folders].map(folder => join(folder, 'action.yml'));
  // The folder of the root action has none of its own.
  for (const file of [...files.filter(path => existsSync(join(checkout, path))), 'dist'])
    cpSync(join(checkout, file), join(target, file), { recursive: true });
}

/** Writes the address of each module that a process loads to the file that LOADED_MODULES names. */
const RECORDER = `
import { registerHooks } from 'node:module';
import { appendFileSync } from 'node:fs';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED_MODULES, url + '\\n');
    return next(url, context);
  },
});`;

/**
 * Lets a step record which files of its bundle it loads.
 *
 * @param list absolute path of the file that the step writes to
 */
export function recordingLoads(list: string): Readonly<Record<string, string>> {
  const module = `data:text/javascript,${encodeURIComponent(RECORDER)}`;
  return { LOADED_MODULES: list, NODE_OPTIONS: `--import=${module}` };
}

/** The names of the files that a step with `recordingLoads(list)` loaded, without their folders. */
export function loadedFiles(list: string): string[] {
  const addresses = readFileSync(list, 'utf8').split('\n');
  return addresses.filter(address => address.startsWith('file:')).map(address => basename(address));
}
