import { lstat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';

/**
 * The checkout that a path lies in: the nearest folder above it, up to the workspace, that has a `.git`. No commit can bring one,
 * as Git refuses such a name.
 * @param path absolute; it need not exist
 * @returns absolute, or undefined if nothing up to the workspace is a checkout
 */
export async function findCheckout(path: string, workspace: string): Promise<string | undefined> {
  for (let folder = path; isAtOrBelow(workspace, folder); folder = dirname(folder)) {
    if (await exists(`${folder}/.git`)) return folder;
    if (folder === workspace) return undefined;
  }
  return undefined;
}

function isAtOrBelow(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return steps !== '..' && !steps.startsWith(`..${sep}`);
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
