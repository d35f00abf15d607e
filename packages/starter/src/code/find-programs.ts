import { filesIn, type RepositoryFiles } from '../look/repository-files.ts';
import { folderOf, lastOf } from '../names/names.ts';
import type { Language } from './facts/language.ts';
import type { Program } from './facts/program-facts.ts';
import { LANGUAGES } from './languages/languages.ts';
import { NODE } from './languages/node/node.ts';
import { workspacePrograms } from './languages/node/workspaces.ts';
import { STATIC } from './languages/static.ts';

/** A program of the repository, and where its image is built. */
export interface FoundProgram {
  readonly program: Program;
  /** The folder of its own; empty for the application's. */
  readonly folder: string;
  /** The build's context, which is above the folder for a workspace. */
  readonly context: string;
}

/** Deeper than this are parts of programs. */
const DEEPEST = 4;
const NOT_PROGRAMS =
  /(?:^|\/)(?:tests?|examples?|samples?|fixtures?|docs?|scripts?|tools?|stencils|formations|k8s|charts?|deploy|node_modules|\.[^/]+)(?:\/|$)/;

/**
 * The programs that have their own folder, from the top; what is below a program belongs to it. Below the root of workspaces only their
 * packages do: an API in another language is often beside them.
 */
export async function findPrograms(files: RepositoryFiles): Promise<readonly FoundProgram[]> {
  const found: FoundProgram[] = [];
  for (const folder of candidates(files))
    if (!belongsToOne(folder, found)) found.push(...(await programsIn(files, folder, found)));
  return found;
}

/** Whether a folder is the one of a program, or below it. */
export function belongsToOne(folder: string, found: readonly FoundProgram[]): boolean {
  return found.some(one => isBelow(folder, one.folder));
}

/** Whether a folder with a file of the language is among the packages of a root of workspaces. */
export function isAmongPackages(folder: string, language: Language, found: readonly FoundProgram[]): boolean {
  if (language !== NODE && language !== STATIC) return false;
  return found.some(one => one.folder !== one.context && isBelow(folder, one.context));
}

/** Whether a folder is another one, or below it. */
export function isBelow(folder: string, above: string): boolean {
  return above === '' || folder === above || folder.startsWith(`${above}/`);
}

async function programsIn(
  files: RepositoryFiles,
  folder: string,
  found: readonly FoundProgram[],
): Promise<readonly FoundProgram[]> {
  const own = filesIn(files, folder);
  const workspaces = isAmongPackages(folder, NODE, found) ? [] : await workspacePrograms(own);
  if (workspaces.length > 0)
    return workspaces.map(({ workspace, program }) => ({
      program,
      folder: folder === '' ? workspace : `${folder}/${workspace}`,
      context: folder,
    }));
  const names = own.paths.filter(path => !path.includes('/'));
  for (const language of LANGUAGES) {
    if (isAmongPackages(folder, language, found)) continue;
    if (!names.some(name => language.markers.test(name))) continue;
    const program = await language.recognise(own);
    if (program !== undefined) return [{ program, folder, context: folder }];
  }
  return [];
}

/** Whether a file is where programs are, and not among what belongs to one. */
export function mayBeProgram(path: string): boolean {
  return path.split('/').length - 1 <= DEEPEST && !NOT_PROGRAMS.test(folderOf(path));
}

/** Folders with a file that a language is known by, the nearest first. */
export function candidates(files: RepositoryFiles): readonly string[] {
  const folders = new Set<string>();
  for (const path of files.paths) {
    if (!mayBeProgram(path)) continue;
    const [name, folder] = [lastOf(path), folderOf(path)];
    if (LANGUAGES.some(({ markers }) => markers.test(name))) folders.add(folder);
  }
  const depth = (folder: string): number => (folder === '' ? 0 : folder.split('/').length);
  return [...folders].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}
