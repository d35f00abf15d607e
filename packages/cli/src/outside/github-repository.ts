import { defined, quote, SlipwayError } from '@slipway/core';
import { findCheckout, openGit, remoteUrl } from '@slipway/git';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';

/** A repository on github.com or an Enterprise Server. */
export interface GitHubRepository {
  /** Such as `github.com`. */
  readonly host: string;
  readonly owner: string;
  readonly name: string;
}

/** `acme/shop`, with the host before it unless that is github.com. */
export function nameOf({ host, owner, name }: GitHubRepository): string {
  return host === 'github.com' ? `${owner}/${name}` : `${host}/${owner}/${name}`;
}

/**
 * The repository that a flag names, else the one that `origin` of the checkout is.
 * @param workspace absolute
 * @throws SlipwayError `repository-unknown`
 */
export async function findRepository(
  named: string | undefined,
  workspace: string,
  machine: Machine,
): Promise<GitHubRepository> {
  if (named !== undefined) return parseRepository(named, machine) ?? refuse(`--repo ${quote(named)} is not`);
  const url = await originOf(workspace, machine);
  if (url === undefined) return refuse('the checkout has no remote "origin" that is');
  // The address may have a password, so it is never repeated.
  return parseRemote(url) ?? refuse('the address of the remote "origin" is not that of');
}

/** The address of the remote `origin`, which may have a password; undefined without such a remote, or without a checkout. */
export async function originOf(
  workspace: string,
  { exec, environment }: Machine,
): Promise<string | undefined> {
  const checkout = findCheckout(workspace, '/');
  return checkout === undefined
    ? undefined
    : await remoteUrl(openGit({ exec, checkout, environment }), 'origin');
}

const PART = '[A-Za-z0-9_][A-Za-z0-9._-]*';
const HOST = '[A-Za-z0-9][A-Za-z0-9.-]*';

/** `acme/shop`, or `github.example.com/acme/shop`. */
export function parseRepository(
  text: string,
  { environment }: Pick<Machine, 'environment'>,
): GitHubRepository | undefined {
  const match = new RegExp(`^(?:(?<host>${HOST})/)?(?<owner>${PART})/(?<name>${PART})$`).exec(text);
  return repositoryOf(match, environment['GH_HOST'] || 'github.com');
}

/** https://git-scm.com/docs/git-clone#_git_urls */
export function parseRemote(url: string): GitHubRepository | undefined {
  const path = `(?<owner>${PART})/(?<name>${PART}?)(?:\\.git)?/?$`;
  const match =
    new RegExp(`^(?:https?|ssh|git)://(?:[^@/]*@)?(?<host>${HOST})(?::\\d+)?/${path}`).exec(url) ??
    new RegExp(`^(?:[^@/:]+@)?(?<host>${HOST}):${path}`).exec(url);
  return repositoryOf(match, undefined);
}

function repositoryOf(
  match: RegExpExecArray | null,
  usual: string | undefined,
): GitHubRepository | undefined {
  const { host = usual, owner, name } = match?.groups ?? {};
  if (host === undefined || owner === undefined || name === undefined) return undefined;
  // GitHub's other name, for networks without SSH: https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port
  return defined({ host: host.toLowerCase().replace(/^ssh\.github\.com$/, 'github.com'), owner, name });
}

function refuse(what: string): never {
  throw new SlipwayError<CliErrorCode>({
    code: 'repository-unknown',
    message: `${what} a repository on GitHub`,
    remedy: 'name it with --repo <owner>/<name>, on an Enterprise Server --repo <host>/<owner>/<name>',
  });
}
