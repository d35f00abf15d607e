import { relative, resolve, sep } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import {
  changedPaths,
  type Distance,
  distanceBetween,
  fetchCommit,
  filesIn,
  findCheckout,
  hasPath,
  headCommit,
  openCommit,
  openGit,
  parentsOf,
  resolveRevision,
} from '@slipway/git';
import type { FileSource } from '@slipway/render';
import type { CheckErrorCode } from '../error-codes.ts';
import type { RemoteHistory } from '../request/remote-history.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';

/** The commits of the repository that is checked, read from the checkout, fetched, or asked of a remote API. */
export interface History {
  /** The commit that is checked out; undefined in a checkout without Git. */
  readonly head: string | undefined;
  /** @throws SlipwayError `base-unreadable` */
  parents(commit: string): Promise<readonly string[]>;
  /** The commit that a branch, tag or id names. @throws SlipwayError `base-unreadable` */
  resolve(name: string): Promise<string>;
  /** A commit's files, by their paths in the workspace. @throws SlipwayError `base-unreadable` */
  files(commit: string): Promise<FileSource>;
  /** The files that differ between a commit and the checkout, by their paths in the workspace; undefined if that is not known. */
  changedSince(commit: string): Promise<readonly string[] | undefined>;
  /** How far two commits are from each other; undefined if the checkout does not have the whole history. */
  distance(one: string, other: string): Promise<Distance | undefined>;
  /** Whether a path of the workspace belongs to this repository and not to a second checkout beside or inside it. */
  owns(path: string): Promise<boolean>;
}

export async function openHistory(
  application: string,
  { workspace, exec, environment, remoteHistory: remote }: CheckSurroundings,
): Promise<History> {
  const checkout =
    findCheckout(resolve(workspace, application), workspace) ?? findCheckout(workspace, workspace);
  const git = checkout === undefined ? undefined : openGit({ exec, checkout, environment });
  const folder = relative(workspace, checkout ?? workspace)
    .split(sep)
    .join('/');
  const head = git && (await headCommit(git));
  return {
    head,
    async parents(commit) {
      const known = git && (await parentsOf(git, commit));
      if (known !== undefined) return known;
      const isFetched = git !== undefined && (await fetchCommit(git, commit)) !== undefined;
      const fetched = isFetched ? await parentsOf(git, commit) : undefined;
      return fetched ?? (await (remote ?? absent(commit)).parentsOf(commit));
    },
    async resolve(name) {
      const known = git && ((await resolveRevision(git, name)) ?? (await fetchCommit(git, name)));
      return known ?? (await (remote ?? absent(name)).resolve(name));
    },
    async files(commit) {
      return filesIn(folder, (await openCommit(git, commit, remote)) ?? absent(commit));
    },
    async changedSince(commit) {
      const paths = git && (await changedPaths(git, commit, head ?? commit));
      return paths?.map(path => (folder === '' ? path : `${folder}/${path}`));
    },
    distance: async (one, other) => git && (await distanceBetween(git, one, other)),
    async owns(path) {
      const own = findCheckout(resolve(workspace, path), workspace);
      if (own === checkout || own === undefined) return own === checkout;
      // A submodule is a separate checkout, but a commit of this repository pins it.
      const folderOfOwn = relative(checkout ?? workspace, own)
        .split(sep)
        .join('/');
      return git !== undefined && head !== undefined && (await hasPath(git, head, folderOfOwn));
    },
  };
}

/** Without a token only the checkout can be asked. @throws SlipwayError `base-unreadable` */
function absent(commit: string): never {
  throw new SlipwayError<CheckErrorCode>({
    code: 'base-unreadable',
    message: `the commit ${quote(commit)}, whose rules apply, is not in this checkout and cannot be fetched`,
    remedy:
      'let actions/checkout persist its credentials or use fetch-depth: 0, or give the input "token" with contents: read',
  });
}
