import { defined, quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from './error-codes.ts';

/** A repository in a registry: `registry` is a host with an optional port, `path` the name within it. */
export interface Repository {
  readonly registry: string;
  readonly path: string;
}

/** An image: by digest, by tag, or by both (then the digest decides). */
export interface Reference extends Repository {
  readonly tag?: string;
  readonly digest?: string;
}

const DOCKER_HUB = 'docker.io';
const MAX_REPOSITORY_LENGTH = 255;

// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
const PATH_PATTERN = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const HOST_PATTERN = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
export const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/;

/**
 * `redis`, `docker.io/library/redis:7.4`, `127.0.0.1:5000/shop/api@sha256:…`; with neither tag nor digest it is `latest`, as
 * Docker has it.
 * @throws SlipwayError `reference-invalid`
 */
export function parseReference(text: string): Reference {
  const [name = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST_PATTERN.test(digest))) {
    throw invalid(text, 'its digest is not sha256: and 64 hexadecimal digits');
  }
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const tag = hasTag ? name.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG_PATTERN.test(tag)) {
    throw invalid(text, 'its tag may contain letters, digits, _, . and -, at most 128 of them');
  }
  const repository = parseRepository(hasTag ? name.slice(0, colon) : name);
  if (digest !== undefined) return { ...repository, ...defined({ tag }), digest };
  return { ...repository, tag: tag ?? 'latest' };
}

/**
 * `registry/repository` without tag and digest. A first part without dot, colon and not `localhost` is a user of Docker Hub,
 * as for `docker pull`.
 * @throws SlipwayError `reference-invalid`
 */
export function parseRepository(text: string): Repository {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const named = first === 'localhost' || /[.:]/.test(first);
  const registry = named ? hubAlias(first.toLowerCase()) : DOCKER_HUB;
  const rest = named ? text.slice(slash + 1) : text;
  const path = registry === DOCKER_HUB && !rest.includes('/') ? `library/${rest}` : rest;
  if (!HOST_PATTERN.test(registry)) throw invalid(text, 'it does not begin with a host name');
  if (/[A-Z]/.test(path)) throw invalid(text, 'repository names are in lower case');
  if (!PATH_PATTERN.test(path) || path.length > MAX_REPOSITORY_LENGTH) {
    throw invalid(text, 'a repository consists of parts of a-z, 0-9, ., _ and -, joined by /');
  }
  return { registry, path };
}

function hubAlias(host: string): string {
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? DOCKER_HUB : host;
}

function invalid(text: string, reason: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'reference-invalid',
    message: `${quote(text)} does not name an image`,
    remedy: `${reason}: write it as registry/repository:tag`,
  });
}

/** `registry/repository:tag@digest`, as far as they are known. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.path}${tag}${digest}`;
}

export function isSameRepository(one: Repository, other: Repository): boolean {
  return one.registry === other.registry && one.path === other.path;
}
