import type { Endpoints } from '@octokit/types';
import { excerpt, type Logger, once, SlipwayError } from '@slipway/core';
import type { GithubErrorCode } from '../error-codes.ts';
import { type Failure, isLimited, retryAfter } from './retry.ts';

export interface GitHubApiOptions {
  /** `https://api.github.com`, or `https://<host>/api/v3` of an Enterprise Server. */
  readonly apiUrl: string;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Milliseconds; for tests. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

type Route = keyof Endpoints;
type Parameters<Name extends Route> = Endpoints[Name]['parameters'];
type Data<Name extends Route> = Endpoints[Name]['response']['data'];
type Items<Name extends Route> = Data<Name> extends readonly (infer Item)[] ? Item : never;

/** GitHub's REST API, with retries. Its answers are untrusted data. */
export interface GitHubApi {
  /** @throws SlipwayError `github-not-found`, `github-refused`, `github-forbidden`, `github-rate-limited`, `github-unavailable` */
  request<Name extends Route>(route: Name, parameters: Parameters<Name>): Promise<Data<Name>>;
  /**
   * The answer of the address itself: one that leads to another address is not followed, and every status below 400 is returned.
   * @throws SlipwayError as `request` does
   */
  exactly<Name extends Route>(
    route: Name,
    parameters: Parameters<Name>,
  ): Promise<{ readonly status: number; readonly data: unknown }>;
  /** Every item of a list, page after page. */
  list<Name extends Route>(route: Name, parameters: Parameters<Name>): Promise<Items<Name>[]>;
  /**
   * The data of a GraphQL query, without those parts that GitHub does not have.
   * @throws SlipwayError as `request` does, also for an answer with errors
   */
  query<Result>(query: string, variables: Readonly<Record<string, string>>): Promise<Result>;
  /** The user or app that the token belongs to, by the name with which its comments are signed. Asked at most once. */
  login(): Promise<string>;
}

const ATTEMPTS = 4;
const ANSWER_TIMEOUT = 30_000;
const PAGE_SIZE = 100;
/** Ten thousand items are more than any pull request has, and a server must not keep us in a loop. */
const MAX_PAGES = 100;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** Loads the client only for the first request, as most runs have none. */
export async function openGitHubApi(options: GitHubApiOptions): Promise<GitHubApi> {
  const { apiUrl, token, signal } = options;
  const { getOctokit } = await import('@actions/github');
  // The client would report deprecated routes on the console.
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const octokit = getOctokit(token, { baseUrl: apiUrl, log: silent });
  const limited = () => ({ signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT)]) });
  const send = async (route: string, parameters: object, how: object = {}): Promise<Answer> =>
    (await octokit.request(route, {
      ...parameters,
      headers: { 'X-GitHub-Api-Version': '2022-11-28' },
      request: { ...limited(), ...how },
    })) as Answer;
  const answered = (route: string, parameters: object, how?: object) =>
    withRetries(() => send(route, parameters, how), route, options);
  return {
    exactly: async (route, parameters) => await answered(route, parameters as object, { redirect: 'manual' }),
    request: async (route, parameters) => (await answered(route, parameters as object)).data as never,
    async list(route, parameters) {
      const items: never[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const answer = await answered(route, { ...(parameters as object), per_page: PAGE_SIZE, page });
        if (Array.isArray(answer.data)) items.push(...(answer.data as never[]));
        if (!String(answer.headers['link'] ?? '').includes('rel="next"')) return items;
      }
      return items;
    },
    query: async <Result>(text: string, variables: Readonly<Record<string, string>>) => {
      const send = () => octokit.graphql<Result>(text, { ...variables, request: limited() });
      return await withRetries(() => send().catch(asFailure), 'GraphQL', options);
    },
    login: once(async () => {
      // REST does not say it to the token of an app, which the token of a job is too.
      const query = () => octokit.graphql<Viewer>('query { viewer { login } }', { request: limited() });
      return (await withRetries(query, 'query viewer', options)).viewer.login;
    }),
  };
}

/** GraphQL says in the answer what REST says by its status. */
const STATUS_OF: Readonly<Record<string, number>> = {
  FORBIDDEN: 403,
  INSUFFICIENT_SCOPES: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
};

function asFailure(error: Failure & { readonly errors?: unknown }): never {
  const [first] = Array.isArray(error.errors) ? error.errors : [];
  if (first === undefined) throw error;
  const { type, message } = first as { readonly type?: unknown; readonly message?: unknown };
  throw Object.assign(new Error(String(message)), { status: STATUS_OF[String(type)] ?? 422 });
}

interface Viewer {
  readonly viewer: { readonly login: string };
}

async function withRetries<Result>(
  send: () => Promise<Result>,
  route: string,
  { signal, logger, wait = pause }: GitHubApiOptions,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      signal.throwIfAborted();
      const failure = error as Failure;
      const delay =
        attempt === ATTEMPTS ? undefined : retryAfter(failure, isSafe(route), attempt, Date.now());
      if (delay === undefined) throw problemOf(failure, route);
      logger.debug(`${route}: ${failure.status ?? 'no answer'}, again in ${delay} ms`);
      await wait(delay);
    }
  }
}

/**
 * Whether the request may be sent twice: a comment must not be posted again because GitHub's answer was lost, while a second status
 * says what the first one does.
 */
function isSafe(route: string): boolean {
  return !route.startsWith('POST ') || route === 'POST /repos/{owner}/{repo}/statuses/{sha}';
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** What a request came to that is not sent again. */
export function problemOf(failure: Failure, route: string): SlipwayError<GithubErrorCode> {
  const { message = '' } = failure;
  const status = statusOf(failure);
  const said = excerpt(message, 120);
  const asked = route.replace('{owner}/{repo}/', '');
  const problem = isLimited(failure)
    ? {
        code: 'github-rate-limited' as const,
        message: `the token has reached a limit on requests at GitHub (${asked})`,
        remedy: 'run the job again later, or use a token that no other job uses',
      }
    : status === 422 && !route.startsWith('GET ')
      ? {
          code: 'github-refused' as const,
          message: `GitHub refuses what this request would write (${asked}: ${said})`,
          remedy: 'change what GitHub names',
        }
      : status === 404 || status === 422
        ? {
            code: 'github-not-found' as const,
            message: `GitHub does not have the requested object, or does not show it to this token (${asked}: ${said})`,
            remedy: 'check that it exists and that the token may see it',
          }
        : status === 401 || status === 403
          ? {
              code: 'github-forbidden' as const,
              message: `GitHub does not allow this request with this token (${asked}: ${said})`,
              remedy: 'give the job the permission that the README of the action names',
            }
          : {
              code: 'github-unavailable' as const,
              message: `GitHub's API failed (${asked}: ${status === 0 ? said : `status ${status}`})`,
              remedy: 'run the job again, and check https://www.githubstatus.com',
            };
  return new SlipwayError<GithubErrorCode>(problem, { cause: failure });
}

/** 0 without an answer, which Octokit calls a 500 that has no response. */
function statusOf({ status = 0, response }: Failure): number {
  return status === 500 && response === undefined ? 0 : status;
}
