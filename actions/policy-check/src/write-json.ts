import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { PolicyCheckErrorCode } from './error-codes.ts';

/** Replaces a file as a whole, so that a link which the repository brought is replaced too, and not followed. */
export async function writeJson(path: string, value: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
  await rename(draft, path);
}

/**
 * The absolute path of a file that an input names. A relative one has to stay in the workspace, links included.
 * @throws SlipwayError `output-outside`
 */
export async function outputFile(path: string, workspace: string): Promise<string> {
  if (isAbsolute(path)) return path;
  const file = resolve(workspace, path);
  const [folder, root] = await Promise.all([realPathOfExisting(dirname(file)), realpath(workspace)]);
  if (isBelow(workspace, file) && isBelow(root, folder)) return file;
  throw new SlipwayError<PolicyCheckErrorCode>({
    code: 'output-outside',
    message: `the path ${quote(path)} leads out of the workspace`,
    remedy: 'choose a file in the workspace, or an absolute path',
  });
}

function isBelow(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return !isAbsolute(steps) && steps.split(/[\\/]/)[0] !== '..';
}

async function realPathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : await realPathOfExisting(parent);
  }
}
