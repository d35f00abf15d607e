import {
  describeObject,
  isKubernetesObject,
  type JsonObject,
  type KubernetesObject,
  type Logger,
  type ObjectReference,
  referenceTo,
  SlipwayError,
} from '@slipway/core';
import { answerError, connectionError, readAnswer } from './answers.ts';
import type { ClusterClient } from './client.ts';
import { discovery } from './discovery.ts';
import type { ClusterErrorCode } from './error-codes.ts';
import { jsonBody } from './json-body.ts';
import { type KubeconfigSource, loadKubeconfig } from './kubeconfig.ts';
import { listAll, openWatch } from './lists.ts';
import { objectPath, parentPath, queryText } from './paths.ts';
import { retrying } from './retry.ts';
import { type HttpRequest, openTransport, type Transport } from './transport.ts';

export interface ConnectOptions extends KubeconfigSource {
  /** Ends every request. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Connects to the cluster that a kubeconfig names, and asks for its version so that a dead address or credential shows at once.
 * @throws SlipwayError `kubeconfig-…`; within 15 s `cluster-unreachable`; `cluster-unauthorized`
 */
export async function connectCluster(options: ConnectOptions): Promise<ClusterClient> {
  const load = () => loadKubeconfig(options);
  const config = await load();
  if (config.getCurrentCluster()?.skipTLSVerify === true)
    options.logger.warning(
      'The kubeconfig says insecure-skip-tls-verify: nothing proves that the cluster is the one it should be. Set its certificate-authority-data.',
    );
  return clusterClient(openTransport(load, config, Date.now), options.signal);
}

/** The client on top of a transport. */
async function clusterClient(transport: Transport, signal: AbortSignal): Promise<ClusterClient> {
  const { server } = transport;
  const retry = retrying(transport, signal);
  const send = async (request: HttpRequest) => {
    try {
      return await retry(request);
    } catch (error) {
      throw connectionError(error, server, signal);
    }
  };
  const call = async (what: string, request: HttpRequest): Promise<JsonObject> =>
    readAnswer(await send(request), what);

  const resource = discovery(async path => {
    const answer = await send({ method: 'GET', path });
    return answer.status === 404 ? undefined : readAnswer(answer, `reading ${path}`);
  });
  const pathOf = async (reference: ObjectReference): Promise<string> =>
    objectPath(await resource(reference.apiVersion, reference.kind), reference);
  const objectOf = (value: JsonObject): KubernetesObject => {
    if (isKubernetesObject(value)) return value;
    throw new SlipwayError<ClusterErrorCode>({
      code: 'cluster-refused',
      message: `${server} answered with something that is no Kubernetes object`,
    });
  };
  const write = async (
    verb: string,
    reference: ObjectReference,
    request: Omit<HttpRequest, 'path'>,
    query = '',
  ) =>
    objectOf(
      await call(`${verb} ${describeObject(reference)}`, {
        ...request,
        path:
          (request.method === 'POST' ? parentPath(await pathOf(reference)) : await pathOf(reference)) + query,
      }),
    );

  const version = await call('connecting', { method: 'GET', path: '/version' });

  return {
    server,
    kubernetesVersion: `${version['major']}.${String(version['minor']).replace(/\D+$/, '')}`,
    resource,
    async get(reference) {
      const answer = await send({ method: 'GET', path: await pathOf(reference) });
      return answer.status === 404
        ? undefined
        : objectOf(readAnswer(answer, `reading ${describeObject(reference)}`));
    },
    list: async query => listAll(call, await resource(query.apiVersion, query.kind), query),
    async *watch(query, resourceVersion, stop) {
      yield* openWatch(transport, await resource(query.apiVersion, query.kind), query, resourceVersion, stop);
    },
    async apply(object, { fieldManager, force, dryRun }) {
      const query = queryText({
        fieldManager,
        fieldValidation: 'Strict',
        force: force === true ? 'true' : undefined,
        dryRun: dryRun === true ? 'All' : undefined,
      });
      const request = {
        method: 'PATCH',
        body: jsonBody(object),
        contentType: 'application/apply-patch+yaml',
      } as const;
      return write('applying', referenceTo(object), request, query);
    },
    async create(object, { fieldManager } = {}) {
      const query = queryText({ fieldManager, fieldValidation: 'Strict' });
      return write('creating', referenceTo(object), { method: 'POST', body: jsonBody(object) }, query);
    },
    update: async object => write('updating', referenceTo(object), { method: 'PUT', body: jsonBody(object) }),
    patch: async (reference, patch) =>
      write('changing', reference, {
        method: 'PATCH',
        body: jsonBody(patch),
        contentType: 'application/merge-patch+json',
      }),
    async delete(reference, { uid, propagation, dryRun } = {}) {
      const body = jsonBody({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: propagation ?? 'Background',
        ...(uid === undefined ? {} : { preconditions: { uid } }),
        ...(dryRun === true ? { dryRun: ['All'] } : {}),
      });
      const answer = await send({ method: 'DELETE', path: await pathOf(reference), body });
      if (answer.status !== 404) readAnswer(answer, `deleting ${describeObject(reference)}`);
    },
    async logs({ namespace, pod, container, previous, tailLines, limitBytes }) {
      const query = queryText({
        container,
        previous: previous === true ? 'true' : undefined,
        tailLines: String(tailLines),
        limitBytes: String(limitBytes),
      });
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log${query}`;
      const answer = await send({ method: 'GET', path });
      if (answer.status !== 200) throw answerError(answer, `reading the log of ${namespace}/${pod}`);
      return answer.text;
    },
    close: () => transport.close(),
  };
}
