import { realpath } from 'node:fs/promises';
import { basename, parse, posix, relative, sep } from 'node:path';
import { defined } from '@slipway/core';
import { findCheckout, openGit, remoteUrl } from '@slipway/git';
import { filesIn, homeIn, type RepositoryFiles, readRepositoryFiles, withIgnored } from '@slipway/starter';
import type { Machine } from '../machine/machine.ts';
import { defaultBranch } from './default-branch.ts';
import { ignoredPaths } from './ignored-paths.ts';

/** Where an application is to be. */
export interface Place {
  /** The repository, absolute; the folder of the call where there is no checkout. */
  readonly workspace: string;
  /** The folder of the call, relative to it; empty for the repository itself. */
  readonly folder: string;
  /** The folder of slipway.yaml, relative to that; empty unless another program has files where Slipway reads its own. */
  readonly home: string;
  /** The path of slipway.yaml, relative to the repository. */
  readonly application: string;
  readonly files: RepositoryFiles;
  readonly isCheckout: boolean;
  /** What the application is called if no one says something else. */
  readonly name: string;
  /** The address of the remote. */
  readonly origin?: string;
  /** The branch that is released; undefined for the usual one. */
  readonly branch?: string;
  /** The path of a file of the folder of the call, relative to the repository. */
  pathOf(file: string): string;
}

/**
 * The folder of the call, in its checkout.
 * @throws SlipwayError `look-failed`, `folder-taken`
 */
export async function findPlace({ folder: called, exec, environment }: Machine): Promise<Place> {
  const here = await realpath(called).catch(() => called);
  const checkout = findCheckout(here, parse(here).root);
  const workspace = checkout ?? here;
  const folder = relative(workspace, here).split(sep).join('/');
  const git = checkout === undefined ? undefined : openGit({ exec, checkout, environment });
  const origin = git === undefined ? undefined : await remoteUrl(git, 'origin');
  const branch = git === undefined ? undefined : await defaultBranch(git);
  const ignored = git === undefined ? [] : await ignoredPaths(git);
  const files = withIgnored(readRepositoryFiles(workspace), ignored);
  const home = await homeIn(filesIn(files, folder));
  return {
    workspace,
    files,
    folder,
    home,
    application: posix.join(folder, home, 'slipway.yaml'),
    isCheckout: checkout !== undefined,
    name: basename(here),
    ...defined({ origin, branch }),
    pathOf: file => posix.join(folder, file),
  };
}
