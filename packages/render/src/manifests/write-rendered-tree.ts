import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { quote, SlipwayError, stringifyJson } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { isMissing } from '../files/file-source.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { RenderedDestination } from './rendered-destination.ts';
import { MANIFESTS_FOLDER, RENDERED_FILE, SOURCE_MAP_FILE } from './tree-layout.ts';

const SWAP_ATTEMPTS = 20;

/**
 * Writes `<output>/<formation>/<destination>/…`. The folder of each target is written beside the old one and then replaces it, so that a
 * failed run leaves the old one intact. Other folders are left alone.
 * @param output absolute
 * @throws SlipwayError `output-foreign` before anything is written, `output-unwritable`
 */
export async function writeRenderedTree(
  output: string,
  destinations: readonly RenderedDestination[],
): Promise<RenderedDestination[]> {
  const written = destinations.map(destination => ({
    ...destination,
    directory: directoryOf(output, destination),
  }));
  for (const { directory } of written) await refuseForeign(directory);
  for (const destination of written)
    await replaceFolder(destination).catch(error => {
      throw unwritable(destination.directory, error);
    });
  return written;
}

function directoryOf(output: string, { rendered }: RenderedDestination): string {
  return join(output, rendered.formation, rendered.destination);
}

/** Refuses links, which could point anywhere, and folders that Slipway did not write. */
async function refuseForeign(directory: string): Promise<void> {
  for (const folder of [dirname(directory), directory]) {
    const stats = await lstatIfAny(folder);
    if (stats !== undefined && !stats.isDirectory()) throw foreign(folder, 'is not a folder');
  }
  const names = (await lstatIfAny(directory)) === undefined ? [] : await readdir(directory);
  if (names.length > 0 && !names.includes(RENDERED_FILE))
    throw foreign(directory, 'contains something other than a rendered destination');
}

async function lstatIfAny(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function foreign(path: string, what: string): SlipwayError<RenderErrorCode> {
  return new SlipwayError<RenderErrorCode>({
    code: 'output-foreign',
    message: `${quote(path)} ${what}, so it is not replaced`,
    remedy: 'choose another output folder',
  });
}

async function replaceFolder(
  destination: RenderedDestination & { readonly directory: string },
): Promise<void> {
  const { directory } = destination;
  const fresh = join(dirname(directory), `.${destination.rendered.destination}.${randomUUID()}`);
  await makeFolder(join(fresh, MANIFESTS_FOLDER));
  try {
    writeFiles(fresh, destination);
    await swapIn(fresh, directory);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** Another run on this machine may write the same folder at the same time; the last one wins. Only a rename is atomic. */
async function swapIn(fresh: string, directory: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const old = `${fresh}.old`;
    await rename(directory, old).catch(ignoreMissing);
    await rm(old, { recursive: true, force: true });
    try {
      return await rename(fresh, directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || attempt === SWAP_ATTEMPTS) throw error;
    }
  }
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

/** An error of the file system (ENOTDIR, EACCES, EROFS, ENOSPC …) as a sentence. */
function unwritable(directory: string, cause: unknown): SlipwayError<RenderErrorCode> {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  return new SlipwayError<RenderErrorCode>(
    {
      code: 'output-unwritable',
      message: `${quote(directory)} cannot be written (${code})`,
      remedy: 'choose a folder that this step may write to, on a disk with free space',
    },
    { cause },
  );
}

/** Synchronously, for the same reason as in file-source.ts. */
function writeFiles(folder: string, { rendered, manifests, sourceMap }: RenderedDestination): void {
  for (const [file, text] of manifests) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, RENDERED_FILE), `${stringifyJson(rendered, 2)}\n`);
  // With one line for each place the file would be longer than all manifests together.
  writeFileSync(join(folder, SOURCE_MAP_FILE), `${JSON.stringify(sourceMap)}\n`);
}
