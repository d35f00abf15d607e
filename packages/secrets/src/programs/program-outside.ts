import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative, sep } from 'node:path';

/**
 * The first program of this name that PATH has outside of the workspace, where a commit could have brought it; undefined if there is none.
 * @param workspace absolute
 */
export async function programOutside(
  command: string,
  path: string,
  workspace: string,
): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const found = join(folder, command);
    if ((await isExecutable(found)) && (await isOutside(found, workspace))) return found;
  }
  return undefined;
}

/** PATH for a program that starts others by their names: its absolute folders outside of the workspace. @param workspace absolute */
export async function pathOutside(path: string, workspace: string): Promise<string> {
  const folders = path.split(delimiter).filter(isAbsolute);
  const areOutside = await Promise.all(folders.map(folder => isOutside(folder, workspace)));
  return folders.filter((_, index) => areOutside[index]).join(delimiter);
}

/** Whether neither a path nor what it links to is in the workspace. */
export async function isOutside(path: string, workspace: string): Promise<boolean> {
  const [real, root] = await Promise.all([path, workspace].map(realOrSame));
  return !isInside(path, workspace) && !isInside(real ?? path, root ?? workspace);
}

async function realOrSame(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function isInside(path: string, folder: string): boolean {
  const steps = relative(folder, path);
  return steps === '' || !(steps === '..' || steps.startsWith(`..${sep}`) || isAbsolute(steps));
}
