import { relative, resolve, sep } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import {
  changedPaths,
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
import type { CommitParents, RemoteHistory } from '../request/remote-history.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import { type Lineage, lineageOf, listedLineage } from './lineage.ts';

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
  /** The newest commit of a branch, as GitHub has it or as the checkout knows it; undefined if neither does. */
  tip(branch: string): Promise<string | undefined>;
  /** How a commit is related to another one; undefined if neither the checkout nor the remote knows. */
  lineage(one: string, other: string): Promise<Lineage | undefined>;
  /** Whether a path of the workspace belongs to this repository and not to a second checkout beside or inside it. */
  owns(path: string): Promise<boolean>;
}

/** The folder of the checkout that has an application, absolute, or that of the workspace; undefined without Git. */
export function checkoutOf(application: string, workspace: string): string | undefined {
  return findCheckout(resolve(workspace, application), workspace) ?? findCheckout(workspace, workspace);
}

export async function openHistory(
  application: string,
  {
    workspace,
    exec,
    environment,
    remoteHistory: remote,
  }: Pick<CheckSurroundings, 'workspace' | 'exec' | 'environment' | 'remoteHistory'>,
): Promise<History> {
  const checkout = checkoutOf(application, workspace);
  const git = checkout === undefined ? undefined : openGit({ exec, checkout, environment });
  const folder = relative(workspace, checkout ?? workspace)
    .split(sep)
    .join('/');
  const head = git && (await headCommit(git));
  const newestOf = rememberNewest(remote);
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
    async tip(branch) {
      const now = remote && (await orUndefined(remote.resolve(branch)));
      return now ?? (git && (await resolveRevision(git, `refs/remotes/origin/${branch}`)));
    },
    async lineage(one, other) {
      const distance = git && (await distanceBetween(git, one, other));
      if (distance !== undefined) return lineageOf(distance);
      return await orUndefined(listedLineage(one, other, newestOf));
    },
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

/** The newest commits of each commit that is asked for, each once; none without a remote. */
function rememberNewest(remote: RemoteHistory | undefined): RemoteHistory['newestOf'] {
  const known = new Map<string, Promise<readonly CommitParents[]>>();
  return commit => {
    const newest = known.get(commit) ?? remote?.newestOf(commit) ?? Promise.resolve([]);
    known.set(commit, newest);
    return newest;
  };
}

/** A remote that does not answer leaves something unknown, which its reader is told. */
async function orUndefined<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
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
