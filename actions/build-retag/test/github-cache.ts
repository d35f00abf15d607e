import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';

/** Two builds at once may have one layer in common. https://twitchtv.github.io/twirp/docs/errors.html */
const ALREADY_EXISTS = {
  code: 'already_exists',
  msg: 'cache entry with the same key, version, and scope already exists',
};

interface Entry {
  readonly key: string;
  readonly version: string;
  readonly blocks: Map<string, Buffer>;
  content: Buffer;
  isComplete: boolean;
}

/**
 * Plays the second version of GitHub's cache for workflows: entries by key and version, whose contents go to and come from a store of
 * blobs. https://github.com/actions/toolkit/blob/%40actions/cache%404.0.0/packages/cache/src/generated/results/api/v1/cache.ts
 */
export async function startGithubCache() {
  const entries: Entry[] = [];
  const calls: string[] = [];
  const logins = new Set<string | undefined>();

  const methods: Record<string, (request: Record<string, string>) => object | undefined> = {
    CreateCacheEntry({ key = '', version = '' }) {
      if (entries.some(entry => entry.key === key && entry.version === version)) return undefined;
      const entry = { key, version, blocks: new Map(), content: Buffer.alloc(0), isComplete: false };
      return { ok: true, signed_upload_url: `${url()}/blob/${entries.push(entry) - 1}` };
    },
    FinalizeCacheEntryUpload({ key, version }) {
      const entry = entries.find(one => one.key === key && one.version === version);
      if (entry !== undefined) entry.isComplete = true;
      return { ok: entry !== undefined, entry_id: '1' };
    },
    GetCacheEntryDownloadURL({ key = '', version }) {
      const index = entries.findLastIndex(
        entry => entry.isComplete && entry.version === version && entry.key.startsWith(key),
      );
      const entry = entries[index];
      return entry === undefined
        ? { ok: false }
        : { ok: true, signed_download_url: `${url()}/blob/${index}`, matched_key: entry.key };
    },
  };

  /** https://learn.microsoft.com/en-us/rest/api/storageservices/put-block-list */
  const store = (entry: Entry, address: URL, body: Buffer): void => {
    const part = address.searchParams.get('comp');
    if (part === 'block') entry.blocks.set(address.searchParams.get('blockid') ?? '', body);
    else if (part === 'blocklist') {
      const ids = [...body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]+)</g)].map(([, id = '']) => id);
      entry.content = Buffer.concat(ids.map(id => entry.blocks.get(id) ?? Buffer.alloc(0)));
    } else entry.content = body;
  };

  const serveBlob = (
    request: IncomingMessage,
    response: ServerResponse,
    address: URL,
    body: Buffer,
  ): void => {
    const entry = entries[Number(address.pathname.slice('/blob/'.length))];
    if (entry === undefined) return void response.writeHead(404).end();
    response.setHeader('x-ms-request-id', 'test');
    if (request.method === 'PUT') {
      store(entry, address, body);
      return void response.writeHead(201).end();
    }
    const range = String(request.headers['x-ms-range'] ?? request.headers.range ?? '');
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
    const end = last === '' ? entry.content.length : Number(last) + 1;
    response.writeHead(range === '' ? 200 : 206).end(entry.content.subarray(Number(first), end));
  };

  const server = http.createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const address = new URL(request.url ?? '', url());
    if (address.pathname.startsWith('/blob/')) return serveBlob(request, response, address, body);
    const name = address.pathname.slice(SERVICE.length);
    calls.push(name);
    logins.add(request.headers.authorization);
    const method = methods[name];
    if (method === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', 'application/json');
    const answer = method(JSON.parse(body.toString()));
    return void response
      .writeHead(answer === undefined ? 409 : 200)
      .end(JSON.stringify(answer ?? ALREADY_EXISTS));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.listen(0, '127.0.0.1');
  await new Promise(ready => server.once('listening', ready));
  return {
    url: `${url()}/`,
    calls,
    logins,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The token that the runner passes to a job says what it may do with the cache. */
export function runtimeToken(): string {
  const access = JSON.stringify([{ Scope: 'refs/heads/main', Permission: 3 }]);
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const parts = [
    { alg: 'none', typ: 'JWT' },
    { ac: access, exp: expires, nbf: 0 },
  ];
  return `${parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.signature`;
}
