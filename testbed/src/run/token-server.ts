import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';

/** A user with the same password whose tokens only allow pulling. */
export const READER = 'reader';
/** What the names of repositories begin with that anyone may pull without a login, and push with one only. */
export const PUBLIC = 'public/';
/** What the registry expects in a token's `iss`. */
export const TOKEN_ISSUER = 'slipway-testbed';
const LIFE_SECONDS = 300;
const LONGEST_FORM = 16 * 1024;

export interface TokenServerConfig {
  readonly port: number;
  /** The key that signs tokens, in PEM; the registry trusts its certificate. */
  readonly certificate: string;
  readonly key: string;
  readonly username: string;
  readonly password: string;
}

interface TokenRequest {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly service: string;
  readonly scopes: readonly string[];
}

/** Issues bearer tokens for a registry: https://distribution.github.io/distribution/spec/auth/token/ and …/auth/oauth/ */
export function tokenServer(config: TokenServerConfig, now: () => Date) {
  return createServer((request, response) => {
    answer(request, config, now).then(
      ({ status, body }) => reply(response, status, body),
      () => reply(response, 400, { details: 'the request cannot be read' }),
    );
  });
}

async function answer(request: IncomingMessage, config: TokenServerConfig, now: () => Date) {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname !== '/token') return { status: 404, body: { details: 'ask for /token' } };
  const wanted = request.method === 'POST' ? await readForm(request) : readQuery(request, url);
  if (!isAnonymous(wanted) && !isKnown(wanted, config)) {
    return { status: 401, body: { details: 'wrong user name or password' } };
  }
  const token = signToken(config, wanted, now());
  const life = { expires_in: LIFE_SECONDS, issued_at: now().toISOString() };
  return { status: 200, body: { token, access_token: token, scope: wanted.scopes.join(' '), ...life } };
}

function isKnown({ username, password }: TokenRequest, config: TokenServerConfig): boolean {
  return (username === config.username || username === READER) && password === config.password;
}

/** As Docker Hub has it: who has no login gets a token, and it allows what anyone may do. */
function isAnonymous({ username, scopes }: TokenRequest): boolean {
  return username === undefined && scopes.flatMap(grant).some(({ name }) => name.startsWith(PUBLIC));
}

function readQuery(request: IncomingMessage, url: URL): TokenRequest {
  const [, encoded = ''] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const [, username, password] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const scopes = url.searchParams.getAll('scope').flatMap(scope => scope.split(' '));
  return { username, password, service: url.searchParams.get('service') ?? '', scopes };
}

async function readForm(request: IncomingMessage): Promise<TokenRequest> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > LONGEST_FORM) throw new Error('the form is too long');
  }
  const form = new URLSearchParams(text);
  return {
    username: form.get('username') ?? undefined,
    password: form.get('password') ?? undefined,
    service: form.get('service') ?? '',
    scopes: (form.get('scope') ?? '').split(' '),
  };
}

/** A JSON Web Token whose header carries the certificate, so that the registry can verify it with the one that it trusts. */
function signToken(config: TokenServerConfig, wanted: TokenRequest, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const header = {
    typ: 'JWT',
    alg: 'ES256',
    x5c: [new X509Certificate(config.certificate).raw.toString('base64')],
  };
  const claims = {
    iss: TOKEN_ISSUER,
    sub: wanted.username,
    aud: wanted.service,
    iat: seconds,
    nbf: seconds - 10,
    exp: seconds + LIFE_SECONDS,
    jti: randomUUID(),
    access: wanted.scopes.flatMap(grant).map(access => limit(access, wanted.username)),
  };
  const signed = [header, claims]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = { key: createPrivateKey(config.key), dsaEncoding: 'ieee-p1363' as const };
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** "repository:team/app:pull,push" as a claim; the name may itself have a colon, in a port. */
function grant(scope: string): { type: string; name: string; actions: string[] }[] {
  const [, type, name, actions] = /^([^:]+):(.+):([^:]*)$/.exec(scope) ?? [];
  if (type === undefined || name === undefined || actions === undefined) return [];
  return [{ type, name, actions: actions.split(',') }];
}

function limit(access: ReturnType<typeof grant>[number], username: string | undefined) {
  const mayPull = username === READER || (username === undefined && access.name.startsWith(PUBLIC));
  if (username !== undefined && !mayPull) return access;
  return { ...access, actions: access.actions.filter(action => mayPull && action === 'pull') };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const [, script, configPath] = process.argv;
if (script !== undefined && configPath !== undefined && import.meta.url === pathToFileURL(script).href) {
  const config = JSON.parse(readFileSync(configPath, 'utf8')) as TokenServerConfig;
  tokenServer(config, () => new Date()).listen(config.port, '127.0.0.1');
}
