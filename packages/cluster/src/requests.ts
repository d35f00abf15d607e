import { type JsonObject, quote, SlipwayError } from '@slipway/core';
import { isKubernetesObject, type KubernetesObject, type ObjectReference } from '@slipway/kubernetes';
import { connectionError, readAnswer } from './answers.ts';
import type { ApiResource, Limit } from './client.ts';
import { discovery } from './discovery.ts';
import type { ClusterErrorCode } from './error-codes.ts';
import { objectPath } from './paths.ts';
import { retrying } from './retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';

/** What every method of the client is built on. */
export interface Requests {
  readonly transport: Transport;
  /** Sends with retries and resolves with any HTTP status. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The JSON of a successful answer; `what` starts the error message of any other answer. */
  call(what: string, request: HttpRequest): Promise<JsonObject>;
  resource(apiVersion: string, kind: string): Promise<ApiResource>;
  pathOf(reference: ObjectReference): Promise<string>;
  /** What bounds them, if anything does. */
  readonly limit: Limit | undefined;
  within(limit: Limit): Requests;
}

export function requests(transport: Transport, signal: AbortSignal): Requests {
  const retry = retrying(transport, signal);
  const bounded =
    (limit?: Limit) =>
    async (request: HttpRequest): Promise<HttpAnswer> => {
      try {
        return await retry(request, limit);
      } catch (error) {
        throw connectionError(error, transport.server, limit?.signal ?? signal);
      }
    };
  const resource = discovery(async path => {
    const answer = await bounded()({ method: 'GET', path });
    if (answer.status === 503 && path.startsWith('/apis/')) throw apiDown(path);
    return answer.status === 404 ? undefined : readAnswer(answer, `reading ${path}`);
  });
  const requestsWithin = (limit?: Limit): Requests => {
    const send = bounded(limit);
    return {
      transport,
      send,
      resource,
      limit,
      call: async (what, request) => readAnswer(await send(request), what),
      pathOf: async reference => objectPath(await resource(reference.apiVersion, reference.kind), reference),
      within: next => requestsWithin({ ...next, signal: AbortSignal.any([signal, next.signal]) }),
    };
  };
  return requestsWithin();
}

/**
 * The error for an aggregated API, which another server than the API server serves.
 * https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/
 */
function apiDown(path: string): SlipwayError<ClusterErrorCode> {
  const [, , group, version] = path.split('/');
  return new SlipwayError({
    code: 'cluster-api-down',
    message: `the cluster's API ${quote(`${group}/${version}`)} does not answer`,
    remedy: `look at its server: kubectl get apiservice ${version}.${group}`,
  });
}

export function objectOf(value: JsonObject): KubernetesObject {
  if (isKubernetesObject(value)) return value;
  throw new SlipwayError<ClusterErrorCode>({
    code: 'cluster-refused',
    message: 'the API server answered with something that is not a Kubernetes object',
    remedy: 'check the address in the kubeconfig',
  });
}
