import { afterEach, expect } from '@jest/globals';
import { silentLogger } from '@slipway/core';
import {
  FORK_TOKEN,
  type GitHubDouble,
  type GitHubDoubleOptions,
  startGitHub,
  type Token,
} from '@slipway/testbed/github';
import { type GitHubApi, openGitHubApi } from '../../src/index.ts';

export const REPOSITORY = 'acme/shop';
export const BOT: Token = { login: 'github-actions[bot]', comments: 'write', statuses: 'write' };

const TOKENS = new Map<string, Token>([
  ['ghs_1', BOT],
  ['ghs_fork', FORK_TOKEN],
  ['ghs_none', { login: BOT.login }],
  ['ghs_app', { ...BOT, login: 'acme-app[bot]' }],
  ['ghp_org', { ...BOT, login: 'ci', members: true }],
]);

export interface Started {
  readonly github: GitHubDouble;
  readonly api: GitHubApi;
  readonly waits: number[];
  /** Another client of the same double. */
  open(token: string): Promise<GitHubApi>;
}

const doubles: GitHubDouble[] = [];

/** Call it once in a test file: doubles stop after each test, which must not have asked anything that GitHub does not know. */
export function stopDoubles(): void {
  afterEach(async () => {
    const stopped = doubles.splice(0);
    await Promise.all(stopped.map(double => double.stop()));
    expect(stopped.flatMap(({ problems }) => problems)).toEqual([]);
  });
}

export async function start(options: Partial<GitHubDoubleOptions> = {}, token = 'ghs_1'): Promise<Started> {
  const github = await startGitHub({ directory: '/', repository: REPOSITORY, tokens: TOKENS, ...options });
  doubles.push(github);
  const waits: number[] = [];
  const open = (name: string): Promise<GitHubApi> =>
    openGitHubApi({
      apiUrl: github.apiUrl,
      token: name,
      signal: new AbortController().signal,
      logger: silentLogger,
      wait: async milliseconds => void waits.push(milliseconds),
    });
  return { github, api: await open(token), waits, open };
}
