import { posix } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import { isContentOf } from './blob-id.ts';
import type { GitErrorCode } from './error-codes.ts';
import { unreadable } from './git.ts';

/** One entry of a commit's tree that is not a folder. */
export interface TreeEntry {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  readonly id: string;
}

/** Where a commit's objects come from: Git, or GitHub's API. */
export interface CommitObjects {
  /** Every entry, in any order. */
  listTree(commit: string): Promise<readonly TreeEntry[]>;
  /** @throws SlipwayError `commit-file-too-large`, `commit-unreadable` */
  readBlobs(entries: readonly TreeEntry[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** The files of a commit as a checkout of it would have them, without a checkout. */
export interface CommitFiles {
  /** The files in a folder and below it, sorted; none if there is no such folder. Names that begin with a dot are left out. */
  list(folder: string): Promise<readonly string[]>;
  /** The same, with names that begin with a dot. */
  listAll(folder: string): Promise<readonly string[]>;
  /** Undefined if there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Whether a file has this content, by its id, so that nothing is read; undefined stands for no such file. What Git LFS has is a pointer
   * here.
   */
  holds(path: string, content: Uint8Array | undefined): Promise<boolean>;
}

/** As many as Linux follows: https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const MAX_LINKS = 40;

/**
 * Reads files of a commit. Symbolic links are followed within the commit, and never on this machine.
 * @throws SlipwayError `commit-file-outside` for a link that leads out, `commit-unreadable` for a file in a submodule,
 *   `commit-file-in-lfs` for one whose content Git LFS has
 */
export async function commitFiles(objects: CommitObjects, commit: string): Promise<CommitFiles> {
  return new Tree(await objects.listTree(commit), objects);
}

class Tree implements CommitFiles {
  readonly #entries: ReadonlyMap<string, TreeEntry>;
  readonly #folders = new Set(['']);
  readonly #objects: CommitObjects;
  readonly #read = new Map<string, Promise<Uint8Array>>();
  #wanted: TreeEntry[] = [];
  #batch: Promise<ReadonlyMap<string, Uint8Array>> | undefined;

  constructor(entries: readonly TreeEntry[], objects: CommitObjects) {
    this.#objects = objects;
    this.#entries = new Map(entries.map(entry => [entry.path, entry]));
    for (const { path } of entries) this.#addFolders(path);
  }

  #addFolders(path: string): void {
    for (let folder = parentOf(path); !this.#folders.has(folder); folder = parentOf(folder))
      this.#folders.add(folder);
  }

  async list(folder: string): Promise<readonly string[]> {
    return await this.#listed(folder, steps => !steps.split('/').some(step => step.startsWith('.')));
  }

  async listAll(folder: string): Promise<readonly string[]> {
    return await this.#listed(folder, () => true);
  }

  async #listed(folder: string, isWanted: (steps: string) => boolean): Promise<readonly string[]> {
    const paths: string[] = [];
    await this.#collect(clean(folder), paths, new Set(), isWanted);
    return paths.sort();
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const entry = this.#entries.get(await this.#follow(clean(path)));
    const content = entry && (await this.#content(entry));
    if (content !== undefined && isPointer(content)) throw inLfs(await this.#follow(clean(path)));
    return content;
  }

  async holds(path: string, content: Uint8Array | undefined): Promise<boolean> {
    const entry = this.#entries.get(await this.#follow(clean(path)));
    if (entry === undefined || content === undefined) return entry === content;
    return isContentOf(entry.id, content);
  }

  /** @param visited folders behind links, so that a circle of links ends */
  async #collect(
    folder: string,
    paths: string[],
    visited: Set<string>,
    isWanted: (steps: string) => boolean,
  ): Promise<void> {
    const real = await this.#follow(folder);
    if (!this.#folders.has(real) || visited.has(real)) return;
    visited.add(real);
    const prefix = real === '' ? '' : `${real}/`;
    for (const entry of this.#entries.values()) {
      if (!entry.path.startsWith(prefix)) continue;
      const steps = entry.path.slice(prefix.length);
      if (!isWanted(steps)) continue;
      const shown = posix.join(folder, steps);
      if (entry.kind === 'submodule') throw inSubmodule(shown);
      if (entry.kind === 'link' && this.#folders.has(await this.#follow(entry.path)))
        await this.#collect(shown, paths, visited, isWanted);
      else paths.push(shown);
    }
  }

  /** The path behind all links. */
  async #follow(path: string, followed = 0): Promise<string> {
    const steps = path === '' ? [] : path.split('/');
    for (const [index] of steps.entries()) {
      const part = steps.slice(0, index + 1).join('/');
      const entry = this.#entries.get(part);
      if (entry?.kind === 'submodule') throw inSubmodule(path);
      if (entry?.kind !== 'link') continue;
      if (followed === MAX_LINKS) throw outside(path);
      const target = Buffer.from(await this.#content(entry)).toString();
      if (target.startsWith('/')) throw outside(path);
      return await this.#follow(
        clean(posix.join(parentOf(part), target, ...steps.slice(index + 1))),
        followed + 1,
      );
    }
    return path;
  }

  /** Requests of one moment are read together: a process or a request for each file would take seconds. */
  async #content(entry: TreeEntry): Promise<Uint8Array> {
    const known = this.#read.get(entry.id);
    if (known !== undefined) return await known;
    this.#wanted.push(entry);
    this.#batch ??= new Promise(resolve => setImmediate(resolve)).then(() => this.#readWanted());
    const content = this.#batch.then(blobs => {
      const bytes = blobs.get(entry.id);
      if (bytes === undefined) throw unreadable(`the file ${quote(entry.path)}`);
      return bytes;
    });
    this.#read.set(entry.id, content);
    return await content;
  }

  async #readWanted(): Promise<ReadonlyMap<string, Uint8Array>> {
    const wanted = this.#wanted;
    this.#wanted = [];
    this.#batch = undefined;
    return await this.#objects.readBlobs(wanted);
  }
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: the first line of what a commit has of a file in LFS. */
const POINTER = Buffer.from('version https://git-lfs.github.com/spec/');

function isPointer(content: Uint8Array): boolean {
  return POINTER.equals(content.subarray(0, POINTER.length));
}

function inLfs(path: string): SlipwayError<GitErrorCode> {
  return new SlipwayError<GitErrorCode>({
    code: 'commit-file-in-lfs',
    message: `${quote(path)} is in Git LFS, so that the commit has a pointer to it and not its content`,
    remedy: 'take it out of LFS (git lfs untrack), and commit the file itself',
  });
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** @throws SlipwayError if the path leads out of the repository */
function clean(path: string): string {
  const normal = posix.normalize(path).replace(/\/$/, '');
  if (normal === '..' || normal.startsWith('../') || normal.startsWith('/')) throw outside(path);
  return normal === '.' ? '' : normal;
}

function outside(path: string): SlipwayError<GitErrorCode> {
  return new SlipwayError<GitErrorCode>({
    code: 'commit-file-outside',
    message: `${quote(path)} leads out of the repository or in a circle`,
    remedy: 'put the file itself into the repository',
  });
}

function inSubmodule(path: string): SlipwayError<GitErrorCode> {
  return new SlipwayError<GitErrorCode>({
    code: 'commit-unreadable',
    message: `${quote(path)} is in a submodule, whose files are not part of this repository's commits`,
    remedy: 'check the submodule out in a step of its own, and name its folder in the inputs',
  });
}
