import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { isInside } from './file-source.ts';

/**
 * The absolute path of a folder that an input says to write. A relative one counts from the workspace and has to stay in it, links
 * included: a pull request could turn a folder of the repository into a link to anywhere.
 * @throws SlipwayError `output-outside`
 */
export function outputFolder(path: string, workspace: string): string {
  return outputPath(path, workspace, folder => folder);
}

/**
 * The same of a file, which is replaced as a whole: it may be a link itself, but its folder may not lead out.
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
    message: `the output ${quote(path)} leads out of the workspace`,
    remedy: 'choose a path in the workspace, or an absolute one',
  });
}

/** The real path of what of it exists. */
function realPathOfExisting(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : realPathOfExisting(parent);
  }
}
