import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFor } from './answers.ts';
import { Crossings } from './crossings.ts';
import { Description } from './description.ts';
import type { Failure } from './faults.ts';
import { type GraphQlQuestion, graphQlData } from './graphql-answers.ts';
import type { GitHubState, Token } from './state.ts';
import type { Told } from './told.ts';

/** Where an Enterprise Server has its API; github.com's has no path. */
const API_PATH = '/api/v3';
const GRAPHQL_PATH = '/api/graphql';

export interface GitHubDouble {
  /** For GITHUB_API_URL. */
  readonly apiUrl: string;
  readonly state: GitHubState;
  /** The requests in order, such as `GET /repos/acme/shop/commits`. */
  readonly requests: readonly string[];
  /** Deviations of requests and of the double's answers from GitHub's description. Every test must find it empty. */
  readonly problems: readonly string[];
  /** Requests for which the token lacks a permission, and which. */
  readonly refusals: readonly string[];
  /** The next answers, whatever the requests. */
  fail(...answers: readonly Failure[]): void;
  /** Changes the state just before the next request that begins so is answered. */
  meanwhile(request: string, change: (state: GitHubState) => void): void;
  /** Answers the next requests that begin so only once there are as many of them, so that two runs are sure to meet. */
  gather(request: string, count: number): void;
  stop(): Promise<void>;
}

export interface GitHubDoubleOptions extends Partial<Omit<GitHubState, 'directory'>> {
  readonly directory: string;
  /** The greatest number of items of a page, so that tests do not need hundreds. */
  readonly pageSize?: number;
}

/** GitHub's API on this machine: an HTTP server that compares every request with GitHub's own description. */
export async function startGitHub(options: GitHubDoubleOptions): Promise<GitHubDouble> {
  const description = new Description();
  const { pageSize = 100, ...given } = options;
  const state: GitHubState = {
    repository: 'acme/shop',
    pulls: [],
    reviews: new Map(),
    comments: [],
    statuses: [],
    issues: [],
    deployments: [],
    teams: new Map(),
    environments: new Map(),
    branches: new Map(),
    secrets: new Map(),
    workflows: new Map(),
    disabled: new Map(),
    approvals: new Map(),
    dispatches: [],
    users: new Map(),
    plan: 'enterprise',
    sealing: undefined,
    tokens: new Map(),
    ...given,
  };
  const requests: string[] = [];
  const problems: string[] = [];
  const refusals: string[] = [];
  const failures: Failure[] = [];
  const crossings = new Crossings();
  const server = createServer((request, response) => {
    const context = { description, state, requests, problems, refusals, failures, crossings, pageSize };
    answer(request, response, context).catch((error: unknown) => {
      problems.push(String(error));
      response.writeHead(500).end();
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}${API_PATH}`,
    ...{ state, requests, problems, refusals },
    fail: (...answers) => void failures.push(...answers),
    meanwhile: (request, change) => crossings.add(request, change),
    gather: (request, count) => crossings.gather(request, count),
    stop: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

interface Context {
  readonly description: Description;
  readonly state: GitHubState;
  readonly requests: string[];
  readonly problems: string[];
  readonly refusals: string[];
  readonly failures: Failure[];
  readonly crossings: Crossings;
  readonly pageSize: number;
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const { requests, problems, refusals, failures, crossings, description, state } = context;
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.startsWith(API_PATH) ? url.pathname.slice(API_PATH.length) : url.pathname;
  const asked = `${request.method} ${path}`;
  requests.push(asked);
  const body = await bodyOf(request);
  await crossings.before(asked, state);
  if (url.pathname === GRAPHQL_PATH) return send(response, graphQlAnswer(request, body, context));
  const match = description.match(request.method ?? '', path);
  if (match === undefined) {
    problems.push(`${asked} is not of the description`);
    return send(response, { status: 404, body: { message: 'Not Found' } });
  }
  const wrong = description.requestProblems(match, url.searchParams, body);
  problems.push(...wrong.map(text => `${asked}: ${text}`));
  if (wrong.length > 0) return send(response, { status: 422, body: { message: 'Validation Failed' } });
  const next = failures.shift();
  const failure = next?.status === 0 ? undefined : next;
  if (failure !== undefined && failure.afterwards !== true)
    return send(response, { body: { message: 'A fault' }, ...failure }, failure.headers);
  const token = tokenOf(request, state);
  if (token === undefined) return send(response, BAD_CREDENTIALS);
  const isOther =
    'owner' in match.parameters &&
    `${match.parameters['owner']}/${match.parameters['repo']}` !== state.repository;
  if (isOther) return send(response, { status: 404, body: { message: 'Not Found' } });
  const { parameters } = match;
  const given = { parameters, query: url.searchParams, body: body as never, token };
  const told = answerFor(match.operation, given, state, refusals);
  if (failure !== undefined)
    return send(response, { body: { message: 'A fault' }, ...failure }, failure.headers);
  const { page, link } = pageOf(told, url, context.pageSize);
  const filled = page.status < 300 ? description.answer(match.operation, page.status, page.body) : page.body;
  if (page.status < 300) problems.push(...description.responseProblems(match.operation, page.status, filled));
  send(response, { status: page.status, body: filled }, link);
}

const BAD_CREDENTIALS: Told = { status: 401, body: { message: 'Bad credentials' } };

function tokenOf({ headers }: IncomingMessage, { tokens }: GitHubState): Token | undefined {
  return tokens.get(/^(?:token|bearer) (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
}

function graphQlAnswer(request: IncomingMessage, body: unknown, context: Context): Told {
  const { state, problems, failures } = context;
  const failure = failures.shift();
  if (failure !== undefined && failure.status !== 0) return { body: { message: 'A fault' }, ...failure };
  const token = tokenOf(request, state);
  if (token === undefined) return BAD_CREDENTIALS;
  const question = (body ?? {}) as GraphQlQuestion;
  const data = request.method === 'POST' ? graphQlData(question, token, state) : undefined;
  if (data === undefined) problems.push(`GraphQL: the double does not answer ${question.query}`);
  return { status: 200, body: { data: data ?? null } };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function pageOf(told: Told, url: URL, limit: number): { page: Told; link: Record<string, string> } {
  if (!Array.isArray(told.body)) return { page: told, link: {} };
  const size = Math.min(limit, Number(url.searchParams.get('per_page') ?? 30));
  const page = Number(url.searchParams.get('page') ?? 1);
  const items = told.body.slice((page - 1) * size, page * size);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const isLast = page * size >= told.body.length;
  return { page: { ...told, body: items }, link: isLast ? {} : { link: `<${next.href}>; rel="next"` } };
}

function send(
  response: ServerResponse,
  { status, body }: Told,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
