import { type Clock, defined, type Exec, type Logger, type RecordKeys, silentLogger } from '@slipway/core';
import { invalidAnswer, unreachable } from './answers.ts';
import { knowCredentials } from './credentials.ts';
import {
  type DockerConfig,
  dockerConfigDirectory,
  emptyDockerConfig,
  readDockerConfig,
} from './docker-config.ts';
import { endpointOf } from './endpoint.ts';
import {
  createHttp,
  type HttpRequest,
  type HttpResponse,
  type RequestBody,
  readBody,
  type SendRequest,
} from './http.ts';
import { followRedirects } from './redirects.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetries } from './retry.ts';
import { type Authenticator, createAuthenticator } from './tokens.ts';

export interface RegistryClientOptions {
  /** Logins; none by default. See `readDockerConfig`. */
  readonly dockerConfig?: DockerConfig;
  /** Starts credential helpers; without it those are not asked. */
  readonly exec?: Exec;
  /** Registries, as `host:port`, that are reached without TLS. Those on loopback addresses always are. */
  readonly plainHttpRegistries?: readonly string[];
  /** What `env=` lines of `secrets` name, which no credential helper gets. */
  readonly secretNames?: readonly string[];
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read from, and what credential helpers get a part of. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** With keys, snapshots and verdicts are written with a MAC, and none is read without one that fits. */
  readonly recordKeys?: RecordKeys | undefined;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
  readonly now?: Clock;
  readonly retryPolicy?: RetryPolicy;
  /** Milliseconds without any progress until a request is given up. */
  readonly idleTimeout?: number;
  /** Blobs of more bytes than these are sent in pieces of so many. */
  readonly chunkBytes?: number;
  /** Runs each transfer of a blob, for a caller that sets up its process for what streams through. */
  readonly whileStreaming?: <Result>(transfer: () => Promise<Result>) => Promise<Result>;
}

export interface RegistryRequest {
  readonly method: HttpRequest['method'];
  readonly registry: string;
  /** Below `/v2/`, or the absolute address of an upload. */
  readonly target: string | URL;
  /** What a token must allow, such as `repository:shop/api:pull`. */
  readonly scopes: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** An answer that points elsewhere is the answer; without this a read goes there. */
  readonly redirects?: 'returned';
}

export interface Exchange {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly body: Buffer;
}

/** Talks to any number of registries, and remembers the authentication that each requires. */
export interface RegistryClient {
  readonly logger: Logger;
  readonly recordKeys?: RecordKeys | undefined;
  readonly chunkBytes: number;
  readonly whileStreaming: NonNullable<RegistryClientOptions['whileStreaming']>;
  /**
   * One request with its whole answer (at most 4 MiB), repeated when the registry is busy or the connection breaks.
   * @throws SlipwayError `registry-unreachable`, `registry-unauthorized`, `token-realm-refused`, `redirect-refused` …; any
   * answer of the registry itself, good or bad, is returned
   */
  exchange(request: RegistryRequest): Promise<Exchange>;
  /** One request, once, whose answer comes as a stream; for blobs, whose transfer is repeated as a whole by `retry`. */
  open(request: RegistryRequest): Promise<HttpResponse>;
  /** Repeats a transfer of several requests when the registry is busy or a connection breaks. */
  retry<Result extends { readonly status: number; readonly headers: HttpResponse['headers'] }>(
    registry: string,
    transfer: () => Promise<Result>,
  ): Promise<Result>;
}

/** The size of a manifest that registries must accept by the distribution specification, in bytes. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
const DEFAULT_IDLE_TIMEOUT = 30_000;
/** What a cut connection costs at most, where the registry keeps what it has. Smaller pieces make registries write more often. */
const DEFAULT_CHUNK_BYTES = 64 * 1024 * 1024;

/**
 * A client with the logins of `docker login`, found through `DOCKER_CONFIG` or `HOME` of the environment.
 * @throws SlipwayError `docker-config-invalid`
 */
export async function openRegistryClient(
  options: RegistryClientOptions & Required<Pick<RegistryClientOptions, 'environment'>>,
): Promise<RegistryClient> {
  const dockerConfig = await readDockerConfig(dockerConfigDirectory(options.environment));
  return createRegistryClient({ ...options, dockerConfig });
}

export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const {
    logger = silentLogger,
    signal,
    plainHttpRegistries = [],
    retryPolicy = defaultRetryPolicy,
  } = options;
  const send = createHttp({
    idleTimeout: options.idleTimeout ?? DEFAULT_IDLE_TIMEOUT,
    signal,
    environment: options.environment,
  });
  const retry: RegistryClient['retry'] = async (registry, transfer) => {
    try {
      return await withRetries(transfer, { policy: retryPolicy, logger, signal, what: registry });
    } catch (error) {
      throw signal?.aborted || !isNetworkError(error) ? error : unreachable(registry, error);
    }
  };
  const authenticator = createAuthenticator({
    credentials: knowCredentials(options.dockerConfig ?? emptyDockerConfig, options),
    send: request =>
      retry(request.url.host, async () => await complete(await send(request), request.url.host)),
    plainHttpRegistries,
    now: options.now ?? (() => new Date()),
  });
  const open = (request: RegistryRequest) =>
    openAuthorized(request, { send, authenticator, plainHttpRegistries });
  const exchange: RegistryClient['exchange'] = request =>
    retry(request.registry, async () => await complete(await open(request), request.registry));
  const { recordKeys, chunkBytes = DEFAULT_CHUNK_BYTES } = options;
  const { whileStreaming = transfer => transfer() } = options;
  return { logger, recordKeys, chunkBytes, whileStreaming, open, retry, exchange };
}

/** Errors of node's sockets, TLS and resolver carry a code in capitals; SlipwayErrors have codes in lower case. */
function isNetworkError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code);
}

/** Reads an answer to its end. @throws SlipwayError `registry-answer-invalid` when it is longer than any document */
export async function complete(response: HttpResponse, registry: string): Promise<Exchange> {
  const body = await readBody(response, MAX_DOCUMENT_BYTES);
  if (body === undefined) throw invalidAnswer(registry, 'a document of more than 4 MiB');
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

interface Connection {
  readonly send: SendRequest;
  readonly authenticator: Authenticator;
  readonly plainHttpRegistries: readonly string[];
}

/** Sends a request with the known authentication, and once more if the registry asks for another one. */
async function openAuthorized(request: RegistryRequest, connection: Connection): Promise<HttpResponse> {
  const { registry, scopes } = request;
  const { authenticator } = connection;
  const authorization = await authenticator.headerFor(registry, scopes);
  const response = await sendFollowing(request, authorization, connection);
  if (!(await isWorthAnother(response, request, authorization, connection))) return response;
  // A body that was written cannot be written again from its middle; its sender knows where to continue.
  if (typeof request.body === 'function') return response;
  response.resume();
  return await sendFollowing(request, await authenticator.headerFor(registry, scopes), connection);
}

/** Whether a refused request may succeed with another `Authorization`. */
async function isWorthAnother(
  { statusCode, headers }: HttpResponse,
  { registry, scopes }: RegistryRequest,
  used: string | undefined,
  { authenticator }: Connection,
): Promise<boolean> {
  const challenge = headers['www-authenticate'];
  if (statusCode === 401 && challenge !== undefined)
    return await authenticator.learn(registry, scopes, challenge, used);
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html: an expired token is a 403 there.
  return statusCode === 403 && used !== undefined && (await authenticator.renew(registry, used));
}

function sendFollowing(request: RegistryRequest, authorization: string | undefined, connection: Connection) {
  const endpoint = endpointOf(request.registry, connection.plainHttpRegistries);
  const sent: HttpRequest = {
    method: request.method,
    url: new URL(request.target, endpoint),
    headers: request.headers ?? {},
    ...defined({ body: request.body }),
  };
  const { send } = connection;
  if (request.redirects === undefined) return followRedirects(sent, { send, home: endpoint, authorization });
  return send({ ...sent, headers: { ...sent.headers, ...defined({ authorization }) } });
}
