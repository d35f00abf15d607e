import { resolve } from 'node:path';
import type { CheckoutHistory } from './checkout-history.ts';
import type { CommitFiles } from './commit-files.ts';
import { findCheckout } from './find-checkout.ts';

type Files = Pick<CommitFiles, 'list' | 'listAll' | 'read'>;

/** The files of other commits, and of other checkouts, by their paths in the workspace. */
export interface ReadableCommits {
  /** Undefined if no one has the commit. @param commit a full id */
  openCommit(commit: string): Promise<FilesOfCommit | undefined>;
  /** The files of the checkouts that the workflow made beside or inside the application's own. */
  readonly otherCheckouts: Files;
}

/** Files whose positions name the commit that they are read from. */
export interface FilesOfCommit extends Files {
  /** Undefined for a file of another checkout. */
  revisionOf(path: string): string | undefined;
}

/** @param files those of the workspace */
export function readableCommits(history: CheckoutHistory, files: Files, workspace: string): ReadableCommits {
  const isOther = (path: string): boolean => {
    const checkout = findCheckout(resolve(workspace, path), workspace);
    return checkout !== undefined && checkout !== history.checkout;
  };
  return {
    async openCommit(commit) {
      const committed = await history.openCommit(commit);
      if (committed === undefined) return undefined;
      return {
        list: folder => committed.list(folder),
        listAll: folder => committed.listAll(folder),
        read: path => committed.read(path),
        revisionOf: path => (isOther(path) ? undefined : commit),
      };
    },
    otherCheckouts: {
      list: async folder => (isOther(folder) ? await files.list(folder) : []),
      listAll: async folder => (isOther(folder) ? await files.listAll(folder) : []),
      read: async path => (isOther(path) ? await files.read(path) : undefined),
    },
  };
}
