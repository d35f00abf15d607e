import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { FileSource } from '../files/file-source.ts';
import { foldersBelow } from './kustomize/folders-below.ts';

/**
 * Writes files of another commit, or of any source that is not a folder of this machine, to where a tool can read them.
 * @param paths files and folders, relative to the source's root
 * @param folder absolute
 */
export async function exportFiles(
  files: FileSource,
  paths: readonly string[],
  folder: string,
): Promise<void> {
  // All at once, so that the files of another commit are read in one go.
  await Promise.all(
    (await filesAt(files, paths)).map(async path => {
      const bytes = await files.read(path);
      if (bytes === undefined) return;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }),
  );
}

/**
 * The files at paths, or below those that are folders. A path that is neither is one of them, so that whoever reads it notices.
 * @param paths relative to the source's root; one that leads out of it is left out
 */
export async function filesAt(
  files: Pick<FileSource, 'listAll'>,
  paths: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.filter(isInside).map(async path => {
      const below = await files.listAll(path);
      return below.length > 0 ? below : [path];
    }),
  );
  return [...new Set(found.flat())];
}

/** Writes a Kustomize directory and everything that it builds on. */
export async function exportKustomization(
  files: FileSource,
  directory: string,
  folder: string,
): Promise<void> {
  await exportFiles(files, await foldersBelow(files, directory), folder);
}

function isInside(path: string): boolean {
  return !posix.normalize(path).startsWith('../') && !posix.isAbsolute(path);
}
