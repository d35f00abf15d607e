import type { Writable } from 'node:stream';
import { invalidAnswer } from '../http/answers.ts';
import { complete, type Exchange, type RegistryClient } from '../http/client.ts';
import { type Descriptor, scopeOf } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';
import type { BlobReader } from './reader.ts';

/** A blob that another repository of the registry has. */
export interface Mount {
  readonly blob: Descriptor;
  readonly from: Repository;
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository */
export async function startUpload(
  client: RegistryClient,
  target: Repository,
  mount?: Mount,
): Promise<Exchange> {
  const query =
    mount === undefined ? '' : `?${new URLSearchParams({ mount: mount.blob.digest, from: mount.from.path })}`;
  const scopes = [
    scopeOf(target, 'pull,push'),
    ...(mount === undefined ? [] : [scopeOf(mount.from, 'pull')]),
  ];
  const response = await client.open({
    method: 'POST',
    registry: target.registry,
    target: `${target.path}/blobs/uploads/${query}`,
    scopes,
    headers: { 'content-length': '0' },
  });
  return await complete(response, target.registry);
}

/** The next bytes of a blob as one request. */
export interface Part {
  readonly method: 'PUT' | 'PATCH';
  readonly address: string | URL;
  readonly length: number;
  readonly reader: BlobReader;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function sendPart(client: RegistryClient, target: Repository, part: Part): Promise<Exchange> {
  const response = await client.open({
    method: part.method,
    registry: target.registry,
    target: part.address,
    scopes: [scopeOf(target, 'pull,push')],
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(part.length),
      ...part.headers,
    },
    body: (outgoing: Writable) => part.reader.write(part.length, outgoing),
  });
  return await complete(response, target.registry);
}

const RELATIVE = 'http://relative.invalid';

/** The address at which an upload goes on: where the registry said, which may be relative to the registry itself. */
export function uploadAddress(answer: Exchange, registry: string): string | URL {
  const { location } = answer.headers;
  if (location === undefined || !URL.canParse(location, RELATIVE)) {
    throw invalidAnswer(registry, 'an upload without an address');
  }
  return withoutBase(new URL(location, RELATIVE));
}

/** Where an upload is ended, which says what it has to be. */
export function closingAddress(address: string | URL, digest: string): string | URL {
  const url = new URL(address, RELATIVE);
  url.searchParams.set('digest', digest);
  return withoutBase(url);
}

function withoutBase(url: URL): string | URL {
  return url.origin === RELATIVE ? `${url.pathname}${url.search}` : url;
}
