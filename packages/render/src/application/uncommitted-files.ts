import { posix } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { FileSource } from '../files/file-source.ts';
import { isManifestFile } from '../files/read-documents.ts';
import type { Repository } from '../repository/repository.ts';
import { filesAt } from '../sources/exported-files.ts';

/** Gives the files of the commit that is checked out where a path of the workspace is; undefined outside of a checkout. */
export type OpenHead = (path: string) => Promise<FileSource | undefined>;

/** What a rendering read from the workspace. */
export interface FilesRead {
  /** The content by path; undefined for a file that is not there. */
  readonly contents: ReadonlyMap<string, Uint8Array | undefined>;
  /** Folders whose files were listed. */
  readonly folders: ReadonlySet<string>;
}

/** Files, and what was read of them. */
export function notedFiles(files: FileSource): { readonly files: FileSource; readonly read: FilesRead } {
  const contents = new Map<string, Uint8Array | undefined>();
  const folders = new Set<string>();
  return {
    files: {
      async list(folder) {
        folders.add(folder);
        return await files.list(folder);
      },
      listAll: folder => files.listAll(folder),
      async read(path) {
        const content = await files.read(path);
        contents.set(path, content);
        return content;
      },
    },
    read: { contents, folders },
  };
}

/**
 * The files whose content is not that of the commit that is checked out: changed, added or deleted by a step, or not part of the commit,
 * as those that Git ignores. What is compared is what a promotion would read of the commit. Policies are not: those of a promotion are
 * the ones that are checked out.
 * @param paths files and folders that the tools of sources read
 * @returns paths in the workspace, sorted
 */
export async function uncommittedFiles(
  { files, read }: ReturnType<typeof notedFiles>,
  paths: readonly string[],
  { directory, sharedDirectories }: Pick<Repository, 'directory' | 'sharedDirectories'>,
  openHead: OpenHead,
): Promise<readonly string[]> {
  const rules = [directory, ...sharedDirectories].map(folder => posix.join(folder, 'policies'));
  const isRule = (path: string): boolean => rules.some(rule => path === rule || path.startsWith(`${rule}/`));
  const folders = [...read.folders].filter(folder => !isRule(folder));
  const noted = [...read.contents.keys()].filter(path => !isRule(path));
  const committed = await Promise.all([
    ...folders.map(async folder => (await listed(folder, openHead)).filter(isManifestFile)),
    ...paths.map(async path => {
      const head = await openHead(path);
      return head === undefined ? [] : await orNothing(filesAt(head, [path]));
    }),
  ]);
  const own = await orNothing(filesAt(files, paths));
  const wanted = [...new Set([...noted, ...own, ...committed.flat()])];
  const differs = await Promise.all(wanted.map(path => isOther(path, files, openHead)));
  return wanted.filter((_path, index) => differs[index]).sort();
}

async function listed(folder: string, openHead: OpenHead): Promise<readonly string[]> {
  return await orNothing((await openHead(folder))?.list(folder));
}

/** What cannot be listed is reported by what reads it, or differs file by file. */
async function orNothing(work: Promise<readonly string[]> | undefined): Promise<readonly string[]> {
  try {
    return (await work) ?? [];
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}

async function isOther(path: string, files: FileSource, openHead: OpenHead): Promise<boolean> {
  try {
    const [here, there] = await Promise.all([files.read(path), (await openHead(path))?.read(path)]);
    if (here === undefined || there === undefined) return here !== there;
    return !Buffer.from(here).equals(there);
  } catch (error) {
    if (error instanceof SlipwayError) return true;
    throw error;
  }
}
