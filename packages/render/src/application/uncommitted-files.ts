import { posix } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { type FileSource, isInside } from '../files/file-source.ts';
import { isManifestFile } from '../files/read-documents.ts';
import type { Repository } from '../repository/repository.ts';
import { filesAt } from '../sources/exported-files.ts';

/** The files of a commit. */
export interface HeadFiles extends Pick<FileSource, 'list' | 'listAll'> {
  /** Whether the commit has a file with this content, which may be a pointer to what Git LFS has; undefined stands for no such file. */
  holds(path: string, content: Uint8Array | undefined): Promise<boolean>;
}

/**
 * Gives the files of the commit that is checked out where a path of the workspace is, the same object for all paths of one checkout;
 * undefined outside of a checkout.
 */
export type OpenHead = (path: string) => Promise<HeadFiles | undefined>;

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
  const listings = await Promise.all([
    ...folders.map(async folder =>
      listedOrUnknown(folder, async () =>
        ((await (await openHead(folder))?.list(folder)) ?? []).filter(isManifestFile),
      ),
    ),
    ...paths.flatMap(path => [
      listedOrUnknown(path, async () => {
        const head = await openHead(path);
        return head === undefined ? [] : await filesAt(head, [path]);
      }),
      listedOrUnknown(path, async () => await filesAt(files, [path])),
    ]),
  ]);
  const unknown = listings.flatMap(listing => ('unknown' in listing ? [listing.unknown] : []));
  const found = listings.flatMap(listing => ('paths' in listing ? listing.paths : []));
  const wanted = [...new Set([...noted, ...found])];
  const roots = await Promise.all(
    [directory, ...folders, ...paths].map(async path => ({ path, head: await openHead(path) })),
  );
  const differs = await Promise.all(
    wanted.map(
      async path => (await isStray(path, roots, openHead)) || (await isOther(path, files, openHead)),
    ),
  );
  return [...new Set([...unknown, ...wanted.filter((_path, index) => differs[index])])].sort();
}

type Listing = { readonly paths: readonly string[] } | { readonly unknown: string };

/** What cannot be listed, as behind a link that leads out, may have files that the commit does not have. */
async function listedOrUnknown(path: string, list: () => Promise<readonly string[]>): Promise<Listing> {
  try {
    return { paths: await list() };
  } catch (error) {
    if (error instanceof SlipwayError) return { unknown: path };
    throw error;
  }
}

/** A folder or file whose commit is recorded. */
interface Root {
  readonly path: string;
  readonly head: HeadFiles | undefined;
}

/** A checkout inside a folder is part of no commit of that folder, and only the commits of the folders are recorded. */
async function isStray(path: string, roots: readonly Root[], openHead: OpenHead): Promise<boolean> {
  const head = await openHead(path);
  return !roots.some(root => root.head === head && isInside(root.path, path));
}

async function isOther(path: string, files: FileSource, openHead: OpenHead): Promise<boolean> {
  try {
    const [here, head] = await Promise.all([files.read(path), openHead(path)]);
    return head === undefined ? here !== undefined : !(await head.holds(path, here));
  } catch (error) {
    if (error instanceof SlipwayError) return true;
    throw error;
  }
}
