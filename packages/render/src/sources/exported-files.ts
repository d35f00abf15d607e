import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { FileSource } from '../files/file-source.ts';
import { foldersBelow } from './kustomize/folders-below.ts';

/**
 * Puts the files of a source that is no folder of this machine, such as another commit's, where a tool can read them.
 * @param paths files and folders, relative to the source's root
 * @param folder absolute
 */
export async function exportFiles(
  files: FileSource,
  paths: readonly string[],
  folder: string,
): Promise<void> {
  const found = await Promise.all(
    paths.map(async path => {
      const below = await files.list(path);
      return below.length > 0 ? below : [path];
    }),
  );
  for (const path of new Set(found.flat())) {
    const bytes = isInside(path) ? await files.read(path) : undefined;
    if (bytes === undefined) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** The same for a folder of Kustomize and all that it builds on. */
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
