import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';

/** One request, whose answer is read whole. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly agent: http.Agent;
  readonly signal: AbortSignal;
  /** Bytes of an answer. */
  readonly most: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** An answer of more bytes than were expected. */
export class AnswerTooLong extends Error {
  readonly status: number;

  constructor(status: number) {
    super('the answer is too long');
    this.status = status;
  }
}

/** Whether a credential has nothing but what a header takes, and clouds and Vault write: it is often pasted with a line break. */
export function isHeaderWord(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

/** Connections at the same time. */
const MAX_SOCKETS = 8;

export interface HttpServer {
  readonly address: URL;
  /** PEM, besides the certificate authorities that Node trusts; empty for none. */
  readonly certificateAuthority: string;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Keeps connections open; nothing for this machine goes through a proxy. */
export function agentFor({ address, certificateAuthority, environment }: HttpServer): http.Agent {
  const proxy = isThisMachine(address.hostname) ? {} : { proxyEnv: environment as NodeJS.ProcessEnv };
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, ...proxy };
  if (address.protocol === 'http:') return new http.Agent(options);
  const ca =
    certificateAuthority === '' ? {} : { ca: [...tls.getCACertificates('default'), certificateAuthority] };
  return new https.Agent({ ...options, ...ca });
}

export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

/** The server of an https:// URL without anything secret in it, or of an http:// URL on this machine; undefined for all others. */
export function safeAddress(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url.hostname));
  return isPlain && isSafe ? url : undefined;
}

/**
 * Redirects are answers like others and never followed, so that no credential travels.
 * @throws AnswerTooLong, and the errors of node:http
 */
export async function exchange(wanted: HttpRequest): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const { request } = wanted.url.protocol === 'https:' ? https : http;
  const { method, agent, signal, headers } = wanted;
  const outgoing = request(wanted.url, { method, agent, signal, headers });
  outgoing.once('response', resolve);
  outgoing.on('error', reject);
  outgoing.end(wanted.body);
  const response = await promise;
  const text = await readAll(response, wanted.most);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

async function readAll(response: http.IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) throw new AnswerTooLong(response.statusCode ?? 0);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
