import { isJsonObject, type JsonObject, parseJsonIfAny } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import type { GitHubRepository } from './github-repository.ts';
import { commandFailed, gh, type ProgramAnswer } from './programs.ts';

/** An answer of GitHub's API. */
export interface GitHubAnswer {
  /** The status of HTTP; 0 if gh got no answer, as where no one is logged in. */
  readonly status: number;
  /** Empty unless it is an object. */
  readonly body: JsonObject;
  readonly answer: ProgramAnswer;
}

/** The arguments of gh for a path of a repository, which begins after its name. */
export function apiArguments(
  { host, owner, name }: GitHubRepository,
  path: string,
  more: readonly string[] = [],
): string[] {
  return ['api', '--hostname', host, ...more, `repos/${owner}/${name}${path}`];
}

/** Asks for something of a repository. */
export async function askGitHub(
  machine: Machine,
  repository: GitHubRepository,
  path: string,
): Promise<GitHubAnswer> {
  return answered(await gh(machine, apiArguments(repository, path)));
}

/** Sends a body, which is not an argument. */
export async function sendToGitHub(
  machine: Machine,
  repository: GitHubRepository,
  {
    method,
    path,
    body,
  }: { readonly method: 'POST' | 'PUT'; readonly path: string; readonly body: JsonObject },
): Promise<GitHubAnswer> {
  const args = apiArguments(repository, path, ['--method', method, '--input', '-']);
  return answered(await gh(machine, args, JSON.stringify(body)));
}

function answered(answer: ProgramAnswer): GitHubAnswer {
  const value = parseJsonIfAny(answer.stdout);
  const status = answer.exitCode === 0 ? 200 : Number(/\(HTTP (\d{3})\)/.exec(answer.said)?.[1] ?? 0);
  return { status, body: isJsonObject(value) ? value : {}, answer };
}

/** @throws SlipwayError `command-failed` unless GitHub did it */
export function bodyOf({ status, body, answer }: GitHubAnswer, what: string): JsonObject {
  if (status === 200) return body;
  throw commandFailed(what, answer);
}

/** The same, or undefined where there is none. */
export function bodyIfAny(answer: GitHubAnswer, what: string): JsonObject | undefined {
  return answer.status === 404 ? undefined : bodyOf(answer, what);
}

/** A name as a part of a path. */
export function inPath(name: string): string {
  return encodeURIComponent(name);
}

/** The path of a secret of an environment, or without one of the repository. */
export function secretPath(secret: string, environment: string | undefined): string {
  const place = environment === undefined ? '/actions' : `/environments/${inPath(environment)}`;
  return `${place}/secrets/${inPath(secret)}`;
}

/** The flag of gh for an environment. gh writes the name into a path as it is. */
export function environmentFlag(name: string): string[] {
  return ['--env', name.replaceAll('/', '%2F')];
}
