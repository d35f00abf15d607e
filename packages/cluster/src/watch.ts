import type { IncomingMessage } from 'node:http';
import { isJsonObject, type JsonObject, parseJson, SlipwayError } from '@slipway/core';
import { isKubernetesObject } from '@slipway/kubernetes';
import type { WatchEvent } from './client.ts';
import type { ClusterErrorCode } from './error-codes.ts';

/** The server ends a watch after this many seconds, so that a connection that is half open is not watched for ever. */
export const WATCH_SECONDS = 290;
/** Milliseconds; bookmarks come about every minute, so a connection without a byte for this long is dead. */
export const WATCH_IDLE = 150_000;

/** The events of an open watch. A broken connection ends it as the server would; the caller then watches again. */
export async function* watchEvents(
  response: IncomingMessage,
  kind: { readonly apiVersion: string; readonly kind: string },
): AsyncGenerator<WatchEvent> {
  try {
    for await (const line of linesOf(response)) {
      const event = parseEvent(line, kind);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
  } finally {
    response.destroy();
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter(line => line !== '');
  }
}

function parseEvent(
  line: string,
  kind: { readonly apiVersion: string; readonly kind: string },
): WatchEvent | undefined {
  const event = parseJson(line);
  if (!isJsonObject(event) || !isJsonObject(event['object'])) return undefined;
  const { type } = event;
  const object: JsonObject = { ...kind, ...event['object'] };
  if (type === 'ERROR') throw watchExpired();
  if (type === 'BOOKMARK' && isJsonObject(object['metadata']))
    return { type, resourceVersion: String(object['metadata']['resourceVersion']) };
  if ((type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') && isKubernetesObject(object))
    return { type, object };
  return undefined;
}

/** The error for any problem that the server reports in an open watch: the caller must list again. */
export function watchExpired(): SlipwayError<ClusterErrorCode> {
  return new SlipwayError({
    code: 'cluster-expired',
    message: 'the API server ended the watch',
    remedy: 'list again',
  });
}
