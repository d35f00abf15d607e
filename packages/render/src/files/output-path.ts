import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { isInside } from './file-source.ts';

/**
 * The absolute path of an output folder. A relative one is resolved in the workspace and must stay in it, with links resolved too, since
 * a pull request could turn a folder of the repository into a link to anywhere.
 * @throws SlipwayError `output-outside`
 */
export function outputFolder(path: string, workspace: string): string {
  return outputPath(path, workspace, folder => folder);
}

/**
 * The absolute path of an output file. The file is replaced as a whole, so it may be a link itself, but its folder must be inside.
 * @throws SlipwayError `output-outside`
 */
export function outputFile(path: string, workspace: string): string {
  return outputPath(path, workspace, dirname);
}

function outputPath(path: string, workspace: string, folderOf: (path: string) => string): string {
  if (isAbsolute(path)) return resolve(path);
  const absolute = resolve(workspace, path);
  const real = realPathOfExisting(folderOf(absolute));
  if (isInside(workspace, absolute) && isInside(realpathSync(workspace), real)) return absolute;
  throw new SlipwayError<RenderErrorCode>({
    code: 'output-outside',
    message: `the output ${quote(path)} is outside the workspace`,
    remedy: 'choose a path in the workspace, or an absolute one',
  });
}

/** The real path of the nearest existing folder. */
function realPathOfExisting(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : realPathOfExisting(parent);
  }
}
