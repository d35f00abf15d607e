import { createHash, randomBytes } from 'node:crypto';
import {
  createRegistryClient,
  parseDockerConfig,
  type RegistryClient,
  type RegistryClientOptions,
} from '@slipway/registry';
import type { RunningRegistry } from '@slipway/testbed';

/** Milliseconds; no test runs longer. */
const IDLE_LIMIT = 600_000;

/** Waits between attempts that a test can afford. */
export const quickRetries = { attempts: 4, firstDelay: 5, longestDelay: 2000 };

/**
 * A client with the login of a registry of the testbed, which it uses for every address given. A request that is given up because
 * the machine is busy would be sent twice, so that none is, unless a test asks for it.
 */
export function clientFor(
  { username, password }: RunningRegistry,
  addresses: readonly string[],
  options: RegistryClientOptions = {},
): RegistryClient {
  const login = { username, password };
  const auths = username === undefined ? {} : Object.fromEntries(addresses.map(address => [address, login]));
  const dockerConfig = parseDockerConfig(JSON.stringify({ auths }), 'config.json');
  return createRegistryClient({
    dockerConfig,
    retryPolicy: quickRetries,
    idleTimeout: IDLE_LIMIT,
    ...options,
  });
}

/** An image of random layers, as `crane` or BuildKit would have pushed it, written with plain requests. */
export async function pushRandomImage(
  registry: RunningRegistry,
  repository: string,
  tag: string,
  layerBytes = [1000],
) {
  const config = await pushBlob(
    registry,
    repository,
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [] },
      }),
    ),
  );
  const layers = [];
  for (const size of layerBytes) layers.push(await pushBlob(registry, repository, randomBytes(size)));
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: layers.map(layer => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer })),
  };
  const described = await pushManifest(registry, repository, tag, manifest);
  return { ...described, layers, name: `${registry.address}/${repository}:${tag}` };
}

export async function pushManifest(
  registry: RunningRegistry,
  repository: string,
  tag: string,
  manifest: { readonly mediaType: string },
) {
  // Spaces that no serialiser of ours would write: a copy has to keep them.
  const bytes = Buffer.from(JSON.stringify(manifest, null, 3));
  const headers = { 'content-type': manifest.mediaType };
  await send(registry, `${repository}/manifests/${tag}`, { method: 'PUT', headers, body: bytes }, repository);
  return { mediaType: manifest.mediaType, digest: digestOf(bytes), size: bytes.length };
}

async function pushBlob(registry: RunningRegistry, repository: string, bytes: Buffer) {
  const digest = digestOf(bytes);
  const start = await send(registry, `${repository}/blobs/uploads/`, { method: 'POST' }, repository);
  const url = new URL(start.headers.get('location') ?? '', `http://${registry.address}`);
  url.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await send(registry, `${url.pathname}${url.search}`, { method: 'PUT', headers, body: bytes }, repository);
  return { digest, size: bytes.length };
}

/** A request without our client: the tests must not set up by what they test. @throws Error unless it succeeds */
export async function send(
  registry: RunningRegistry,
  path: string,
  request: { method: string; headers?: Record<string, string>; body?: Buffer },
  repository: string,
): Promise<Response> {
  const url = new URL(path, `http://${registry.address}/v2/`);
  const attempt = (authorization: string | undefined) =>
    fetch(url, {
      method: request.method,
      headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(request.body === undefined ? {} : { body: new Uint8Array(request.body) }),
    });
  let answer = await attempt(undefined);
  if (answer.status === 401) {
    const challenge = answer.headers.get('www-authenticate') ?? '';
    answer = await attempt(await authorize(registry, challenge, repository));
  }
  if (!answer.ok) throw new Error(`${request.method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function authorize(
  { username, password }: RunningRegistry,
  challenge: string,
  repository: string,
): Promise<string> {
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const realm = /realm="([^"]+)"/.exec(challenge)?.[1] ?? '';
  if (challenge.startsWith('Basic')) return basic;
  const url = new URL(realm);
  url.searchParams.set('service', /service="([^"]+)"/.exec(challenge)?.[1] ?? '');
  url.searchParams.set('scope', `repository:${repository}:pull,push,delete`);
  const { token } = (await (await fetch(url, { headers: { authorization: basic } })).json()) as {
    token: string;
  };
  return `Bearer ${token}`;
}

/** What a tag names, or undefined. */
export async function digestAt(
  registry: RunningRegistry,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const headers = {
    accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json',
  };
  const path = `${repository}/manifests/${tag}`;
  const answer = await send(registry, path, { method: 'GET', headers }, repository).catch(() => undefined);
  return answer === undefined ? undefined : digestOf(Buffer.from(await answer.arrayBuffer()));
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
