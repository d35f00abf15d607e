import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';

const IDENTITY = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];

export function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...IDENTITY, ...args], { encoding: 'utf8' }).trim();
}

/** All files of a repository as a commit. */
export function commitAll(origin: string, message: string): string {
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--message', message);
  return git(origin, 'rev-parse', 'HEAD');
}

/** The shop in a repository of its own, without a commit, from which any commit can be fetched. */
export function shopRepository(directory: string): string {
  const origin = mkdtempSync(join(directory, 'origin-'));
  cpSync(resolve(import.meta.dirname, '../examples/shop'), origin, { recursive: true });
  git(origin, 'init', '--quiet', '--initial-branch=main');
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  return origin;
}

/** A pull request that makes changes to the tip of `main`, and GitHub's merge of both. */
export function pullRequest(origin: string, change: () => void) {
  const base = git(origin, 'rev-parse', 'main');
  git(origin, 'checkout', '--quiet', '-b', 'change');
  change();
  const head = commitAll(origin, 'Head');
  git(origin, 'checkout', '--quiet', 'main');
  git(origin, 'merge', '--quiet', '--no-ff', '--message', 'Merge', head);
  return { base, head, merge: git(origin, 'rev-parse', 'HEAD') };
}

/** What actions/checkout does. @param depth such as `--depth=1`; none for the whole history */
export function checkout(
  directory: string,
  origin: string,
  commit: string,
  ...depth: readonly string[]
): string {
  const folder = mkdtempSync(join(directory, 'checkout-'));
  git(folder, 'init', '--quiet');
  git(folder, 'remote', 'add', 'origin', `file://${origin}`);
  git(folder, 'fetch', '--quiet', ...depth, 'origin', commit);
  git(folder, 'checkout', '--quiet', commit);
  return folder;
}
