import { join, relative, resolve, sep } from 'node:path';
import { findCheckout } from '@slipway/git';
import type { Runner } from '@slipway/github';
import type { Inputs } from './inputs.ts';

/** The checkout of the pull request: the workspace, or the folder of it that `path` of actions/checkout names. */
export interface OwnCheckout {
  /** Absolute. */
  readonly folder: string;
  /** The path of a file in the repository; undefined for one of another checkout, or outside of the workspace. @param path from the workspace */
  inRepository(path: string): string | undefined;
  /** @param path in the repository */
  inWorkspace(path: string): string;
}

/** The checkout that has the applications. */
export function ownCheckout(
  { applications }: Pick<Inputs, 'applications'>,
  { workspace }: Pick<Runner, 'workspace'>,
): OwnCheckout {
  const checkoutOf = (path: string): string => findCheckout(resolve(workspace, path), workspace) ?? workspace;
  const folder = checkoutOf(applications[0] ?? '');
  return {
    folder,
    inWorkspace: path => relative(workspace, join(folder, path)).split(sep).join('/'),
    inRepository: path =>
      checkoutOf(path) === folder
        ? relative(folder, resolve(workspace, path)).split(sep).join('/')
        : undefined,
  };
}
