import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Files, git } from './repository.ts';

export interface PlantedRepository {
  /** The commit that it has checked out. */
  readonly commit: string;
  /** Whether one of its programs was started. */
  wasRun(): boolean;
}

/**
 * Makes `folder` a repository whose `HEAD`, `objects`, `refs` and `config` are ordinary files in it, as a pull request can commit
 * them. Its configuration names a harmless program for each thing that Git may start: it creates `witness`.
 * @param tracked files of the folder that it claims to have committed
 * @param witness absolute, outside of any checkout
 * @throws Error unless a Git that is left to itself takes it for the checkout and starts a program, so that no test can pass by
 * mistake
 */
export function plantRepository(
  folder: string,
  tracked: readonly string[],
  witness: string,
): PlantedRepository {
  git(folder, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.');
  const inside = [`--git-dir=${folder}`, `--work-tree=${folder}`, '-c', 'core.bare=false'];
  git(folder, ...inside, 'add', '--', ...tracked);
  git(folder, ...inside, 'commit', '--quiet', '--message', 'Planted');
  const commit = git(folder, ...inside, 'rev-parse', 'HEAD');
  const program = `touch ${witness}; false`;
  appendFileSync(
    join(folder, 'config'),
    `[core]
	bare = false
	worktree = .
	fsmonitor = "${program}"
	hooksPath = "${folder}"
	pager = "${program}"
	sshCommand = "${program}"
[diff]
	external = "${program}"
[log]
	showSignature = true
[gpg]
	program = "${program}"
[filter "planted"]
	clean = "${program}"
	required = true
[remote "origin"]
	url = ssh://localhost/x
	fetch = +refs/heads/*:refs/remotes/origin/*
`,
  );
  if (git(folder, 'rev-parse', 'HEAD') !== commit)
    throw new Error('Git does not take the planted repository');
  git(folder, 'status', '--porcelain');
  if (!existsSync(witness)) throw new Error('the planted repository does not start its program');
  rmSync(witness);
  return { commit, wasRun: () => existsSync(witness) };
}

/** The files of a folder by path, below `prefix`: what a pull request has to commit to bring the folder. */
export function filesOf(folder: string, prefix: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries.map(entry => {
      const path = join(entry.parentPath, entry.name);
      return [join(prefix, relative(folder, path)), readFileSync(path)];
    }),
  );
}
