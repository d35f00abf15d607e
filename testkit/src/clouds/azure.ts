import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** One version of a secret, as Azure's answers have it. */
export interface VaultSecret {
  readonly value: string;
  readonly contentType?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly kid?: string;
  readonly managed?: boolean;
}

export const TENANT = '11111111-1111-1111-1111-111111111111';
export const CLIENT = '22222222-2222-2222-2222-222222222222';
const DAYS = 90;

/** A vault in memory: requests and answers of https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups, as Azure's own client has them. */
export interface KeyVault {
  readonly listener: RequestListener;
  /** Method, path and version of the interface of each request with a token. */
  readonly asked: string[];
  /** Every token that was sent. */
  readonly tokens: Set<string>;
  /** What the challenge says. */
  challenge: { resource: string; tenant: string };
  /** What answers a request with a token instead, for one test. */
  instead: RequestListener | undefined;
  put(name: string, secret: VaultSecret): string;
}

type Bundle = Readonly<Record<string, unknown>> & { readonly attributes: Readonly<Record<string, unknown>> };

/** @param accepts whether a token may read @param resource what the vaults of its cloud want a token for */
export function keyVault(host: string, resource: string, accepts: (token: string) => boolean): KeyVault {
  const versions = new Map<string, Bundle[]>();
  const deleted = new Map<string, Bundle[]>();
  const vault: KeyVault = {
    asked: [],
    tokens: new Set(),
    challenge: { resource, tenant: TENANT },
    instead: undefined,
    put(name, { attributes, ...secret }) {
      const known = versions.get(name) ?? [];
      const version = (known.length + 1).toString(16).padStart(32, 'f');
      const created = 1_700_000_000 + known.length;
      const times = {
        enabled: true,
        created,
        updated: created,
        recoveryLevel: 'Recoverable',
        recoverableDays: DAYS,
      };
      const id = `https://${host}/secrets/${name}/${version}`;
      versions.set(name, [...known, { ...secret, id, attributes: { ...times, ...attributes } }]);
      return version;
    },
    async listener(request, response) {
      const url = new URL(request.url ?? '', `https://${host}`);
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (token === undefined) return challenge(response, vault.challenge);
      vault.tokens.add(token);
      vault.asked.push(`${request.method} ${url.pathname} ${url.searchParams.get('api-version')}`);
      if (vault.instead !== undefined) return vault.instead(request, response);
      if (!accepts(token)) return fail(response, 401, 'Unauthorized', '[TokenExpired] the token has expired');
      await answer(request, response, url.pathname.slice(1).split('/'));
    },
  };
  const answer = async (request: IncomingMessage, response: ServerResponse, path: readonly string[]) => {
    const [kind, name = '', version] = path;
    const known =
      kind === 'secrets' ? versions.get(name) : kind === 'deletedsecrets' ? deleted.get(name) : [];
    if (request.method === 'PUT') {
      vault.put(name, JSON.parse(Buffer.concat(await request.toArray()).toString()));
      return send(response, 200, versions.get(name)?.at(-1) ?? {});
    }
    const bundle = version ? known?.find(({ id }) => String(id).endsWith(`/${version}`)) : known?.at(-1);
    if (bundle === undefined)
      return fail(response, 404, 'SecretNotFound', `A secret with (name/id) ${name} was not found`);
    if (request.method === 'DELETE') {
      versions.delete(name);
      deleted.set(name, known ?? []);
    }
    if (request.method === 'DELETE' || kind === 'deletedsecrets') {
      const { value: _, ...rest } = bundle;
      return send(response, 200, {
        ...rest,
        recoveryId: `https://${host}/deletedsecrets/${name}`,
        deletedDate: 1_700_000_100,
      });
    }
    if (bundle.attributes['enabled'] === false)
      return fail(
        response,
        403,
        'Forbidden',
        'Operation get is not allowed on a disabled secret.',
        'SecretDisabled',
      );
    send(response, 200, bundle);
  };
  return vault;
}

function challenge(response: ServerResponse, { resource, tenant }: KeyVault['challenge']): void {
  const value = `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="${resource}"`;
  response.setHeader('WWW-Authenticate', value);
  fail(response, 401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.');
}

export function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

export function fail(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  inner = '',
): void {
  const innererror = inner === '' ? {} : { innererror: { code: inner } };
  send(response, status, { error: { code, message, ...innererror } });
}

/** A token with claims as Entra's have them, and no signature. */
export function tokenOf(appid: string, tid: string): string {
  const payload = Buffer.from(JSON.stringify({ appid, tid })).toString('base64url');
  return `eyJhbGciOiJub25lIn0.${payload}.signature`;
}

/** What Entra was asked for, and whom it knows: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
export interface Entra {
  readonly listener: RequestListener;
  readonly asked: { readonly path: string; readonly form: Readonly<Record<string, string>> }[];
  /** The AADSTS number of a refusal; undefined for none. */
  refusal: string | undefined;
}

export function entra(): Entra {
  const server: Entra = {
    asked: [],
    refusal: undefined,
    async listener(request, response) {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(await request.toArray()).toString()));
      const path = request.url ?? '';
      server.asked.push({ path, form });
      const isRight =
        request.method === 'POST' &&
        path === `/${TENANT}/oauth2/v2.0/token` &&
        form['grant_type'] === 'client_credentials' &&
        form['client_assertion_type'] === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' &&
        form['client_id'] === CLIENT;
      const refusal = server.refusal ?? (isRight ? undefined : '900144');
      if (refusal !== undefined)
        return send(response, 401, {
          error: 'invalid_client',
          error_description: `AADSTS${refusal}: a sentence that no message repeats.`,
          error_codes: [Number(refusal)],
        });
      send(response, 200, { token_type: 'Bearer', expires_in: 3599, access_token: tokenOf(CLIENT, TENANT) });
    },
  };
  return server;
}
