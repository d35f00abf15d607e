import { quote, SlipwayError } from '@slipway/core';
import type { StarterErrorCode } from '../error-codes.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** Every YAML file in these folders, and below, is one of Slipway's own. */
const OWN = /^(?:config|formations)\/(?:.*\/)?[^./][^/]*\.(?:ya?ml|json)$/;
/** What only Slipway reads in the first folder below. */
const STENCILS = /^stencils\/(?:.*\/)?[^./][^/]*\.ya?ml$/;
/** Folders for slipway.yaml, in the order in which they are tried. */
const HOMES = ['deploy', 'slipway'];

/**
 * The folder of slipway.yaml and of what is beside it: the empty one for that of the files, unless another program has files in a
 * folder that Slipway reads whole, such as config/ of Rails.
 * @throws SlipwayError `folder-taken` with the first of them where the other folders are in use too
 */
export async function homeIn(files: RepositoryFiles): Promise<string> {
  const taken = await takenFile(files);
  if (taken === undefined) return '';
  const home = HOMES.find(one => files.has(`${one}/slipway.yaml`)) ?? HOMES.find(one => isFree(files, one));
  if (home === undefined) throw folderTaken(taken);
  return home;
}

/** @throws SlipwayError `folder-taken` if slipway.yaml cannot be in the folder of these files */
export async function refuseTakenFolders(files: RepositoryFiles): Promise<void> {
  const taken = await takenFile(files);
  if (taken !== undefined) throw folderTaken(taken);
}

async function takenFile(files: RepositoryFiles): Promise<string | undefined> {
  for (const path of files.paths) {
    if (OWN.test(path) && !(await hasText(files, path, /slipway\.dev\//))) return path;
    if (STENCILS.test(path) && !(await hasText(files, path, /^\s*["']?(?:kind|items)["']?\s*:/m)))
      return path;
  }
  return undefined;
}

async function hasText(files: RepositoryFiles, path: string, text: RegExp): Promise<boolean> {
  return text.test((await files.readText(path)) ?? '');
}

function isFree({ paths, links, has }: RepositoryFiles, folder: string): boolean {
  return !has(folder) && !links.includes(folder) && !paths.some(path => path.startsWith(`${folder}/`));
}

function folderTaken(path: string): SlipwayError<StarterErrorCode> {
  const [folder = ''] = path.split('/');
  return new SlipwayError<StarterErrorCode>({
    code: 'folder-taken',
    message: `${quote(path)} is not one of Slipway's files, and Slipway reads all files of ${quote(`${folder}/`)} beside slipway.yaml`,
    remedy:
      'write slipway.yaml into a folder of its own, with contexts that begin with .. (docs/monorepos.md)',
  });
}
