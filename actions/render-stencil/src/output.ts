import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { RenderStencilErrorCode } from './error-codes.ts';

/**
 * The absolute folder to write to. A relative one counts from the workspace and has to stay in it, links included: a pull
 * request could turn a folder of the repository into a link to anywhere.
 */
export async function outputFolder(
  output: string | undefined,
  application: string,
  { workspace, temporaryDirectory }: Runner,
): Promise<string> {
  if (output === undefined) return join(temporaryDirectory, 'slipway', application);
  if (isAbsolute(output)) return resolve(output);
  const folder = resolve(workspace, output);
  const [real, root] = await Promise.all([realPathOfExisting(folder), realpath(workspace)]);
  if (!isBelow(workspace, folder) || !isBelow(root, real))
    throw new SlipwayError<RenderStencilErrorCode>({
      code: 'output-outside',
      message: `the output ${quote(output)} leads out of the workspace`,
      remedy: 'choose a folder in the workspace, or an absolute one',
    });
  return folder;
}

function isBelow(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return !isAbsolute(steps) && steps.split(/[\\/]/)[0] !== '..';
}

/** The real path of what of it exists. */
async function realPathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : await realPathOfExisting(parent);
  }
}
