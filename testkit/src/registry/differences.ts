import type { IncomingMessage, ServerResponse } from 'node:http';
import { answering, type Fault } from './proxy.ts';

/** What a registry answers: the status and the first error of its body, as its documentation or its users report them. */
export interface VendorError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * How registries refuse to move a tag.
 * - ECR: https://github.com/triggerdotdev/trigger.dev/issues/2473
 * - Artifact Registry: https://cloud.google.com/artifact-registry/docs/docker/troubleshoot#push
 * - ACR: https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-lock
 * - Harbor: https://github.com/goharbor/harbor/pull/9427
 * - zot: https://zotregistry.dev/v2.1.0/articles/immutable-tags/
 */
export const IMMUTABLE_TAGS = {
  'Amazon ECR': {
    status: 400,
    code: 'TAG_INVALID',
    message: 'The image tag already exists and cannot be overwritten because the tag is immutable.',
  },
  'Google Artifact Registry': {
    status: 400,
    code: 'MANIFEST_INVALID',
    message: 'cannot update tag. The repository has enabled tag immutability',
  },
  'Azure Container Registry': {
    status: 405,
    code: 'REGISTRY_DISALLOWED_OPERATION',
    message: 'The operation is disallowed on this registry, repository or image.',
  },
  Harbor: { status: 412, code: 'PRECONDITION', message: "the tag is configured as 'immutable'" },
  'a registry with a conflict': { status: 409, code: 'CONFLICT', message: 'tag already exists' },
  zot: { status: 403, code: 'DENIED', message: 'requested access to the resource is denied' },
} as const satisfies Readonly<Record<string, VendorError>>;

/** Answers as a registry does that understood a request, and refuses it. */
export function refusing(
  { status, code, message }: VendorError,
  headers: Record<string, string> = {},
): Fault {
  const body = JSON.stringify({ errors: [{ code, message }] });
  return answering(status, { 'content-type': 'application/json', ...headers }, body);
}

/**
 * Lets a tag be pushed once, and not even what it names already a second time, which ECR refuses too. Knows the tags that were pushed
 * through the proxy. Of two pushes at the same time the second is refused once the first is done; a tag that was
 * deleted may be pushed again.
 */
export function immutableTags(error: VendorError): Fault {
  const taken = new Map<string, Promise<void>>();
  return (request, response) => {
    const deleted = manifestPath(request, 'DELETE');
    if (deleted !== undefined) taken.delete(deleted);
    const path = manifestPath(request, 'PUT');
    if (path === undefined || path.includes('/sha256:')) return false;
    const first = taken.get(path);
    if (first === undefined) {
      taken.set(path, new Promise(resolve => response.once('close', resolve)));
      return false;
    }
    void first.then(() => refusing(error)(request, response));
    return true;
  };
}

/** Answers a mount as a registry does that supports none: with an upload. */
export const withoutMounts: Fault = request => {
  if (request.method === 'POST') request.url = request.url?.replace(/\?mount=.*/, '') ?? '';
  return false;
};

/** Takes pushes into named repositories only. https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html */
export function existing(repositories: readonly string[]): Fault {
  const error = {
    status: 404,
    code: 'NAME_UNKNOWN',
    message: 'The repository does not exist in the registry',
  };
  return onRequests('POST', /^\/v2\/(.+)\/blobs\/uploads\//, repositories, refusing(error));
}

function onRequests(method: string, path: RegExp, without: readonly string[], answer: Fault): Fault {
  return (request, response) => {
    const repository = request.method === method ? path.exec(request.url ?? '')?.[1] : undefined;
    if (repository === undefined || without.includes(repository)) return false;
    return answer(request, response);
  };
}

/** Takes images only: what is pushed into a repository of snapshots is not one. */
export function imagesOnly(error: VendorError): Fault {
  return (request, response) =>
    manifestPath(request, 'PUT')?.includes('/snapshots/') === true && refusing(error)(request, response);
}

/** Refuses every request that matches. */
export function always(method: string, path: RegExp, answer: Fault): Fault {
  return (request, response) =>
    request.method === method && path.test(request.url ?? '') && answer(request, response);
}

/**
 * Asks for a password that is good for so many requests; then it answers as for an expired one until the next is used.
 * @param password the one of the given number, from 1
 */
export function expiringLogin(
  requests: number,
  expired: VendorError,
  password: (number: number) => string,
): Fault {
  let [left, number] = [requests, 1];
  return (request: IncomingMessage, response: ServerResponse) => {
    const { authorization } = request.headers;
    const basic = (secret: string) => `Basic ${Buffer.from(`AWS:${secret}`).toString('base64')}`;
    const challenge = { 'www-authenticate': 'Basic realm="test"' };
    if (authorization === undefined)
      return refusing({ ...expired, status: 401 }, challenge)(request, response);
    if (left === 0 && authorization === basic(password(number + 1))) [left, number] = [requests, number + 1];
    if (left === 0 || authorization !== basic(password(number)))
      return refusing(expired, expired.status === 401 ? challenge : {})(request, response);
    left -= 1;
    // The registry behind would ask for a login of its own.
    delete request.headers.authorization;
    return false;
  };
}

function manifestPath({ method, url = '' }: IncomingMessage, wanted: string): string | undefined {
  return method === wanted && url.includes('/manifests/') ? url : undefined;
}
