import { describeObject } from '@slipway/kubernetes';
import { answerError, readAnswer } from './answers.ts';
import type { ClusterClient, LogQuery } from './client.ts';
import { ALL_FIELDS, listAll, METADATA_ONLY, openWatch } from './lists.ts';
import { queryText } from './paths.ts';
import { objectOf, type Requests } from './requests.ts';
import { askService } from './service-proxy.ts';

type Reads = Pick<
  ClusterClient,
  'get' | 'list' | 'listMetadata' | 'watch' | 'logs' | 'openApi' | 'askService'
>;

export function reads({ transport, send, call, resource, pathOf, limit }: Requests): Reads {
  return {
    async get(reference) {
      const answer = await send({ method: 'GET', path: await pathOf(reference) });
      if (answer.status === 404) return undefined;
      return objectOf(readAnswer(answer, `reading ${describeObject(reference)}`));
    },
    list: async query => listAll(call, await resource(query.apiVersion, query.kind), query, ALL_FIELDS),
    listMetadata: async query =>
      listAll(call, await resource(query.apiVersion, query.kind), query, METADATA_ONLY),
    async *watch(query, resourceVersion, stop) {
      const signal = limit === undefined ? stop : AbortSignal.any([stop, limit.signal]);
      yield* openWatch(
        transport,
        await resource(query.apiVersion, query.kind),
        query,
        resourceVersion,
        signal,
      );
    },
    async openApi(apiVersion) {
      const [group = '', version] = apiVersion.split('/').map(encodeURIComponent);
      const path =
        version === undefined ? `/openapi/v3/api/${group}` : `/openapi/v3/apis/${group}/${version}`;
      const answer = await send({ method: 'GET', path });
      // Without it, less is known about custom resources, but everything else still works.
      if (answer.status === 404 || answer.status === 403) return undefined;
      return readAnswer(answer, `reading the OpenAPI of ${apiVersion}`);
    },
    async logs(query) {
      const answer = await send({ method: 'GET', path: logPath(query), answeredOnce: true });
      if (answer.status !== 200)
        throw answerError(answer, `reading the log of ${query.namespace}/${query.pod}`);
      return answer.text;
    },
    askService: (request, signal) => askService(transport, request, signal),
  };
}

function logPath({ namespace, pod, container, previous, tailLines, limitBytes }: LogQuery): string {
  const query = queryText({
    container,
    previous: previous === true ? 'true' : undefined,
    tailLines: String(tailLines),
    limitBytes: String(limitBytes),
  });
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log${query}`;
}
