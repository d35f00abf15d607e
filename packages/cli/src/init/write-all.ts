import { randomUUID } from 'node:crypto';
import { link, lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Problem, quote, SlipwayError, throwIfAny } from '@slipway/core';
import { outputFile } from '@slipway/render';
import type { CliErrorCode } from '../error-codes.ts';

/** A file to write, relative to the repository. */
export interface ToWrite {
  readonly path: string;
  readonly text: string;
  /** What the file has now, where it is one that is edited. */
  readonly before?: string;
}

/**
 * Writes all files or none, and none over one that exists unless it is edited and still is what it was.
 * @param workspace absolute; a link that leads out of it is refused
 * @throws SlipwayError `init-exists` for all that exist, `output-outside`, `init-failed` after what was written is removed again
 */
export async function writeAll(workspace: string, files: readonly ToWrite[]): Promise<void> {
  await refuseUnwritable(workspace, files);
  const undo: (() => Promise<unknown>)[] = [];
  let current = '';
  try {
    const drafts: [ToWrite, string][] = [];
    for (const file of files) {
      current = file.path;
      drafts.push([file, await writeDraft(join(workspace, file.path), file.text, undo)]);
    }
    for (const [file, draft] of drafts) {
      current = file.path;
      await moveIntoPlace(file, draft, join(workspace, file.path), undo);
    }
    for (const [, draft] of drafts) await rm(draft, { force: true });
  } catch (error) {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
    if (error instanceof SlipwayError) throw error;
    throw notWritten(current, error as NodeJS.ErrnoException);
  }
}

/**
 * Before anything is written, for all files at once.
 * @throws SlipwayError `init-exists`, `output-outside`, or `init-failed` for what is a file where a folder has to be
 */
export async function refuseUnwritable(workspace: string, files: readonly ToWrite[]): Promise<void> {
  const problems: Problem<CliErrorCode>[] = [];
  const inTheWay = new Set<string>();
  for (const { path, before } of files) {
    const absolute = outputFile(path, workspace);
    const found = await lstat(absolute).then(() => 'EXISTS', codeOf);
    if (found === 'EXISTS' && before === undefined) problems.push(existing(path));
    if (found === 'ENOTDIR') inTheWay.add(await fileAbove(workspace, path));
  }
  throwIfAny([...problems, ...[...inTheWay].map(inFile)]);
}

/** The file that is where a folder of a path has to be. */
async function fileAbove(workspace: string, path: string): Promise<string> {
  const above = dirname(path);
  const found = await lstat(join(workspace, above)).then(() => 'EXISTS', codeOf);
  return found === 'ENOTDIR' ? await fileAbove(workspace, above) : above;
}

function codeOf({ code }: NodeJS.ErrnoException): string | undefined {
  return code;
}

function inFile(path: string): Problem<CliErrorCode> {
  return {
    code: 'init-failed',
    message: `${quote(path)} is a file, and init writes into a folder of that name`,
    remedy: 'rename the file, and call slipway init again',
  };
}

export function existing(path: string): Problem<CliErrorCode> {
  const remedy = path.endsWith('slipway.yaml')
    ? 'the application is there already: slipway workflows writes its workflows'
    : path.startsWith('.github/workflows/')
      ? 'rename it, or call slipway init with --without-workflows, and slipway workflows once it is renamed'
      : 'rename it, and call slipway init again';
  return { code: 'init-exists', message: `${quote(path)} exists already`, remedy };
}

/** Writes beside the file, on the same disk, so that a full disk is noticed before anything is in its place. */
async function writeDraft(path: string, text: string, undo: (() => Promise<unknown>)[]): Promise<string> {
  await makeFolders(dirname(path), undo);
  const draft = `${path}.${randomUUID()}`;
  undo.push(() => rm(draft, { force: true }));
  await writeFile(draft, text, { flag: 'wx' });
  return draft;
}

async function makeFolders(folder: string, undo: (() => Promise<unknown>)[]): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  // The folders that were made are those from the first of them down.
  for (let path = folder; made !== undefined && path.length >= made.length; path = dirname(path)) {
    const one = path;
    undo.splice(0, 0, () => rmdir(one));
  }
}

async function moveIntoPlace(
  { before, path: shown }: ToWrite,
  draft: string,
  path: string,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  if (before === undefined) {
    // Unlike a renamed file, a link never replaces one that appeared meanwhile.
    await link(draft, path).catch(error => fallBack(error, draft, path));
    undo.push(() => rm(path));
    return;
  }
  if ((await readFile(path, 'utf8')) !== before)
    throw new SlipwayError<CliErrorCode>({
      code: 'init-failed',
      message: `${quote(shown)} was changed meanwhile`,
      remedy: 'run the command again',
    });
  await rename(draft, path);
  undo.push(() => writeFile(path, before));
}

/** Some file systems have no links. */
async function fallBack(error: NodeJS.ErrnoException, draft: string, path: string): Promise<void> {
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code ?? '')) throw error;
  await rename(draft, path);
}

function notWritten(
  path: string,
  { code = 'unknown', ...cause }: NodeJS.ErrnoException,
): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>(
    {
      code: 'init-failed',
      message: `${quote(path)} cannot be written (${code})`,
      remedy: 'nothing was left behind; correct the cause, and run the command again',
    },
    { cause },
  );
}
