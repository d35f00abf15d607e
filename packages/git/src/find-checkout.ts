import { existsSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { type Git, type GitOptions, openGit } from './git.ts';

export interface CheckoutOptions extends Omit<GitOptions, 'checkout'> {
  /** The workspace of the job, absolute; no checkout above it is looked for. */
  readonly workspace: string;
}

/** Git for the checkout that contains a path; undefined if there is none. @param path absolute; it need not exist */
export function openCheckout(path: string, options: CheckoutOptions): Git | undefined {
  const checkout = findCheckout(path, options.workspace);
  return checkout === undefined ? undefined : openGit({ ...options, checkout });
}

/**
 * The checkout that contains a path: the nearest folder above it, up to the workspace, with a `.git`. No commit can bring a file of
 * that name, as Git refuses it, so that what is found was made by the job.
 * @param path absolute; it need not exist
 * @returns absolute, or undefined if no folder up to the workspace is a checkout
 */
export function findCheckout(path: string, workspace: string): string | undefined {
  for (let folder = path; isAtOrBelow(workspace, folder); folder = dirname(folder)) {
    if (existsSync(`${folder}/.git`)) return folder;
    if (folder === workspace) return undefined;
  }
  return undefined;
}

function isAtOrBelow(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return steps !== '..' && !steps.startsWith(`..${sep}`);
}
