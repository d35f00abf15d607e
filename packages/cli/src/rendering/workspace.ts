import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { join, parse, relative, resolve, sep } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import { findCheckout } from '@slipway/git';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';

/** The folder that paths of files are relative to, in messages and in source maps, as that of a job. */
export interface Workspace {
  /** Absolute. */
  readonly folder: string;
  /** A path that the user wrote, from there and with `/`. */
  pathOf(written: string): string;
}

/**
 * The folder that a flag names, else the checkout that the program was called in, else that folder itself.
 * @throws SlipwayError `usage` if the named one does not exist
 */
export async function findWorkspace(given: Arguments, { folder }: Machine): Promise<Workspace> {
  const named = given.text('workspace');
  const here = resolve(folder, named ?? '.');
  const found = named === undefined ? (findCheckout(here, parse(here).root) ?? here) : here;
  const workspace = await realpath(found).catch((error: NodeJS.ErrnoException) => {
    if (named !== undefined && error.code === 'ENOENT') throw missing(named);
    // Whoever reads its files says what is wrong with it.
    return found;
  });
  return {
    folder: workspace,
    pathOf: written => relative(workspace, resolve(folder, written)).split(sep).join('/'),
  };
}

function missing(named: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `the folder ${quote(named)} that --workspace names does not exist`,
    remedy: 'correct its path, which counts from the folder of the call',
  });
}

/**
 * Runs `work` with a folder that no one else can read, and removes it.
 * @throws SlipwayError `temporary-folder-unusable`
 */
export async function withTemporaryFolder<Result>(
  { temporaryDirectory }: Pick<Machine, 'temporaryDirectory'>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await makeTemporary(temporaryDirectory);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeTemporary(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(await realpath(parent), 'slipway-'));
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new SlipwayError<CliErrorCode>(
      {
        code: 'temporary-folder-unusable',
        message: `temporary files cannot be written to ${quote(parent)} (${code})`,
        remedy: 'set TMPDIR to a folder that exists and that you may write to',
      },
      { cause },
    );
  }
}
