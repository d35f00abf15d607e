import { quote, SlipwayError } from '@slipway/core';
import type { GitErrorCode } from './error-codes.ts';

/** Starts a process; what `@slipway/github` offers an action fits. */
export type Exec = (
  command: string,
  args: readonly string[],
  options: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly input?: string;
    readonly onOutput?: (bytes: Uint8Array) => void;
  },
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;

/** Git in one checkout, which runs nothing that the checkout or its history brought. */
export interface Git {
  /** What a command wrote, or undefined if it failed. */
  read(args: readonly string[], input?: string): Promise<Buffer | undefined>;
}

export interface GitOptions {
  readonly exec: Exec;
  /** The folder that `.git` lies in, absolute. */
  readonly checkout: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Settings that outweigh those of the checkout: no hook, no file system monitor, no transport that is a command, no maintenance
 * in the background, and no download that stands still. What stays is what actions/checkout left there to log in with.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'fetch.writeCommitGraph=false',
  'fetch.prune=false',
  'maintenance.auto=false',
  'gc.auto=0',
  'credential.interactive=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=30',
];

/** Variables that could show Git another repository, or make it run something; and the secrets of the step, which it has no use for. */
const DROPPED = /^(?:GIT_(?!SSL_|SSH|CONFIG_|HTTP_|PROXY_)|INPUT_|ACTIONS_)/;

/**
 * The folder is named outright: a repository that lies in the tree as ordinary files is never taken for the checkout
 * (https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository), and who owns it does not matter, as the
 * job made it. Replaced objects are not looked at: a commit is what its id says.
 */
export function openGit({ exec, checkout, environment }: GitOptions): Git {
  const settings = [...SETTINGS, `safe.directory=${checkout}`].flatMap(setting => ['-c', setting]);
  const options = {
    environment: {
      ...Object.fromEntries(Object.entries(environment).filter(([name]) => !DROPPED.test(name))),
      GIT_TERMINAL_PROMPT: '0',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
      LC_ALL: 'C',
    },
  };
  return {
    async read(args, input) {
      const chunks: Uint8Array[] = [];
      const onOutput = (bytes: Uint8Array) => void chunks.push(Uint8Array.from(bytes));
      const command = [`--git-dir=${checkout}/.git`, ...settings, ...args];
      // A runner without git is one whose checkout came without a history.
      const answer = await exec('git', command, {
        ...options,
        onOutput,
        ...(input === undefined ? {} : { input }),
      }).catch(() => undefined);
      return answer?.exitCode === 0 ? Buffer.concat(chunks) : undefined;
    },
  };
}

export function unreadable(what: string): SlipwayError<GitErrorCode> {
  return new SlipwayError<GitErrorCode>({
    code: 'commit-unreadable',
    message: `${what} cannot be read from this checkout`,
    remedy:
      'check out with "fetch-depth: 0", let actions/checkout persist its credentials, or give a token that may read the contents',
  });
}

/** @throws SlipwayError if it is no full id, so that what an event says is never taken for an option or a range */
export function requireId(commit: string): string {
  if (isId(commit)) return commit;
  throw unreadable(`the commit ${quote(commit)}`);
}

export function isId(commit: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);
}
