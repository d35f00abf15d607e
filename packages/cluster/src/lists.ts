import { isJsonObject, type JsonObject, type JsonValue, SlipwayError } from '@slipway/core';
import { isKubernetesObject, type KubernetesObject } from '@slipway/kubernetes';
import { answerError, requestRefused } from './answers.ts';
import type { ApiResource, ListQuery, ObjectList, WatchEvent } from './client.ts';
import type { ClusterErrorCode } from './error-codes.ts';
import { collectionPath, queryText } from './paths.ts';
import type { HttpRequest, Transport } from './transport.ts';
import { WATCH_IDLE, WATCH_SECONDS, watchEvents, watchExpired } from './watch.ts';

/** Objects per page of a list, as in kubectl. */
const PAGE_SIZE = 500;

export const ALL_FIELDS = 'application/json';
/** The media type that asks for metadata only. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** How often a list is begun again whose later pages the server has forgotten. */
const MOST_RESTARTS = 2;

/** Reads every page of a list, from the beginning again if it took so long that the server does not know the rest any more. */
export async function listAll(...list: Parameters<typeof listOnce>): Promise<ObjectList> {
  for (let restarts = 0; ; restarts++)
    try {
      return await listOnce(...list);
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.code !== 'cluster-expired') throw error;
      if (restarts === MOST_RESTARTS) throw listExpired(list[2]);
    }
}

function listExpired({ kind }: ListQuery): SlipwayError<ClusterErrorCode> {
  return new SlipwayError({
    code: 'cluster-expired',
    message: `listing ${kind}: the API server forgot the list ${MOST_RESTARTS + 1} times before its last page was read`,
    remedy: 'run again; if it stays, look at the load of the API server and at how many of them there are',
  });
}

/** @throws SlipwayError `cluster-expired` */
async function listOnce(
  call: (what: string, request: HttpRequest) => Promise<JsonObject>,
  resource: ApiResource,
  query: ListQuery,
  accept: typeof ALL_FIELDS | typeof METADATA_ONLY,
): Promise<ObjectList> {
  const items: KubernetesObject[] = [];
  let continueAt: string | undefined;
  let resourceVersion = '';
  do {
    const text = queryText({ ...selectors(query), limit: String(PAGE_SIZE), continue: continueAt });
    const page = await call(`listing ${query.kind}`, {
      method: 'GET',
      path: collectionPath(resource, query.namespace) + text,
      accept,
    });
    const metadata: JsonObject = isJsonObject(page['metadata']) ? page['metadata'] : {};
    resourceVersion = String(metadata['resourceVersion'] ?? '');
    continueAt =
      typeof metadata['continue'] === 'string' && metadata['continue'] !== ''
        ? metadata['continue']
        : undefined;
    items.push(...itemsOf(page, query));
  } while (continueAt !== undefined);
  return { resourceVersion, items };
}

/**
 * The items of a typed list have neither apiVersion nor kind. Go writes an empty list as null, too; whatever else a proxy answers instead
 * must not be taken for an empty list, since what is not there is forgotten.
 * @throws SlipwayError `cluster-refused` for what is not a list
 */
function itemsOf(page: JsonObject, { apiVersion, kind }: ListQuery): KubernetesObject[] {
  const { items = null, kind: answered } = page;
  if (!Array.isArray(items) && !(items === null && String(answered).endsWith('List')))
    throw requestRefused(`listing ${kind}`, 'its answer is not a list');
  return ((items ?? []) as readonly JsonValue[])
    .map(item => (isJsonObject(item) ? { ...item, apiVersion, kind } : item))
    .filter(item => isKubernetesObject(item));
}

/**
 * Opens a watch and yields its events.
 * @throws SlipwayError if the watch cannot be opened; `cluster-expired` if a new list is needed
 */
export async function* openWatch(
  transport: Transport,
  resource: ApiResource,
  query: ListQuery,
  resourceVersion: string,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const path =
    collectionPath(resource, query.namespace) +
    queryText({
      ...selectors(query),
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      timeoutSeconds: String(WATCH_SECONDS),
    });
  const response = await transport
    .open({ method: 'GET', path, signal, idleTimeout: WATCH_IDLE })
    .catch(() => {
      if (signal.aborted) return undefined;
      // The caller then lists, which retries and reports a server that does not answer.
      throw watchExpired();
    });
  if (response === undefined) return;
  if (response.statusCode !== 200) {
    const text = await response.toArray().then(chunks => Buffer.concat(chunks).toString('utf8'));
    throw answerError(
      { status: response.statusCode ?? 0, retryAfter: undefined, text },
      `watching ${query.kind}`,
    );
  }
  yield* watchEvents(response, { apiVersion: query.apiVersion, kind: query.kind });
}

function selectors({ labelSelector, fieldSelector }: ListQuery) {
  return { labelSelector, fieldSelector };
}
