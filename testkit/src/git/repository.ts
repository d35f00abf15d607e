import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Exec } from '@slipway/core';

const FOLDERS = new Set<string>();
afterAll(() => {
  for (const folder of FOLDERS) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder, deleted after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  FOLDERS.add(folder);
  return folder;
}

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

export function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { env: environment, encoding: 'utf8' }).trim();
}

/** Text of files by path; `{ link }` is a symbolic link, undefined removes one. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string } | undefined>>;

export function write(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    rmSync(file, { recursive: true, force: true });
    if (content === undefined) continue;
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, file);
    else writeFileSync(file, content);
  }
}

export function commit(folder: string, files: Files, message = 'Change'): string {
  write(folder, files);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}

/** A repository with one commit on `main`. */
export function repository(files: Files): string {
  const folder = scratch();
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  commit(folder, files, 'Begin');
  return folder;
}

export interface PullRequest {
  readonly base: string;
  readonly head: string;
  /** What GitHub makes of both, as GITHUB_SHA of the event pull_request names it. */
  readonly merge: string;
}

/** A pull request with changes to the tip of `main`, and the merge commit of both. */
export function pullRequest(folder: string, files: Files, number = 1): PullRequest {
  const base = git(folder, 'rev-parse', 'main');
  git(folder, 'checkout', '--quiet', '-b', `change-${number}`, base);
  const head = commit(folder, files);
  git(folder, 'checkout', '--quiet', '--detach', base);
  git(folder, 'merge', '--quiet', '--no-ff', '--message', 'Merge', head);
  const merge = git(folder, 'rev-parse', 'HEAD');
  git(folder, 'update-ref', `refs/pull/${number}/merge`, merge);
  git(folder, 'checkout', '--quiet', 'main');
  return { base, head, merge };
}

/** What actions/checkout does with `fetch-depth: 1`: one commit, nothing before it. */
export function shallowCheckout(origin: string, commit: string, folder = scratch()): string {
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'remote', 'add', 'origin', `file://${origin}`);
  git(folder, 'fetch', '--quiet', '--depth=1', '--no-tags', 'origin', commit);
  git(folder, 'checkout', '--quiet', '--force', commit);
  return folder;
}

/** Real processes, without the runner's toolkit. */
export const exec: Exec = async (command, args, { environment: env, input, onOutput } = {}) => {
  const { status, stdout, stderr, error } = spawnSync(command, [...args], {
    env: env as NodeJS.ProcessEnv,
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
  });
  if (error !== undefined) throw error;
  onOutput?.(stdout);
  return { exitCode: status ?? 1, stdout: stdout.toString(), stderr: stderr.toString() };
};
