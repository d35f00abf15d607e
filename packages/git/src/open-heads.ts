import { join, relative, sep } from 'node:path';
import { type CommitFiles, commitFiles } from './commit-files.ts';
import { headCommit } from './commits.ts';
import { filesIn } from './files-in.ts';
import { type CheckoutOptions, findCheckout } from './find-checkout.ts';
import { openGit } from './git.ts';
import { gitObjects } from './git-objects.ts';

/** The commits that are checked out in the workspace; Git is asked once about each checkout. */
export interface Heads {
  /** The commit that is checked out where a path of the workspace is; undefined outside of a checkout. */
  revision(path: string): Promise<string | undefined>;
  /** The files of that commit, by their paths in the workspace; undefined outside of a checkout. */
  files(path: string): Promise<CommitFiles | undefined>;
}

export function openHeads(options: CheckoutOptions): Heads {
  const known = new Map<string, Head>();
  const headAt = (path: string): Head | undefined => {
    const checkout = findCheckout(join(options.workspace, path), options.workspace);
    if (checkout === undefined) return undefined;
    const head = known.get(checkout) ?? new Head(checkout, options);
    known.set(checkout, head);
    return head;
  };
  return {
    revision: async path => await headAt(path)?.revision,
    files: async path => await headAt(path)?.files(),
  };
}

class Head {
  readonly revision: Promise<string | undefined>;
  readonly #checkout: string;
  readonly #options: CheckoutOptions;
  #files: Promise<CommitFiles | undefined> | undefined;

  constructor(checkout: string, options: CheckoutOptions) {
    this.#checkout = checkout;
    this.#options = options;
    this.revision = headCommit(openGit({ ...options, checkout }));
  }

  async files(): Promise<CommitFiles | undefined> {
    this.#files ??= this.#open();
    return await this.#files;
  }

  async #open(): Promise<CommitFiles | undefined> {
    const [checkout, options] = [this.#checkout, this.#options];
    const commit = await this.revision;
    if (commit === undefined) return undefined;
    const folder = relative(options.workspace, checkout).split(sep).join('/');
    return filesIn(folder, await commitFiles(gitObjects(openGit({ ...options, checkout })), commit));
  }
}
