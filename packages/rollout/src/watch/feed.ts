import { setTimeout as sleep } from 'node:timers/promises';
import type { ListQuery, WatchEvent } from '@slipway/cluster';
import { type Logger, SlipwayError } from '@slipway/core';
import type { RolloutCluster } from '../rollout.ts';
import { textAt } from '../status/fields.ts';

/** Where a feed puts what it reads. */
export interface Sink {
  replace(items: Awaited<ReturnType<RolloutCluster['list']>>['items']): void;
  apply(event: Exclude<WatchEvent, { type: 'BOOKMARK' }>): void;
  /** The connection is lost; what was read may have changed since. */
  interrupted(): void;
  /** These objects may not or cannot be read. */
  deny(why: string): void;
}

export interface FeedContext {
  readonly client: RolloutCluster;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Called after each change. */
  wake(): void;
}

/** A server that cuts every watch at once is not asked more often than this. */
const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** Answers that no second attempt changes. */
const DENIALS: ReadonlySet<string> = new Set([
  'cluster-forbidden',
  'cluster-unknown-kind',
  'cluster-not-found',
]);

/**
 * Reads a list, and resolves to the rest of the work: to follow its changes until the signal aborts, over expired lists, cut
 * watches and restarts of the API server.
 * @throws SlipwayError where the first list cannot be read for another reason than a missing right
 */
export async function openFeed(
  query: ListQuery,
  sink: Sink,
  context: FeedContext,
): Promise<() => Promise<void>> {
  const version = await read(query, sink, context);
  if (version === undefined) return async () => {};
  return () => follow(query, sink, context, version);
}

/** The version to watch from; undefined where the list may not be read. */
async function read(query: ListQuery, sink: Sink, context: FeedContext): Promise<string | undefined> {
  try {
    const { items, resourceVersion } = await context.client.list(query);
    sink.replace(items);
    context.wake();
    return resourceVersion;
  } catch (error) {
    if (!(error instanceof SlipwayError) || !DENIALS.has(error.code)) throw error;
    context.logger.debug(`${query.kind} cannot be read: ${error.message}`);
    sink.deny(error.message);
    context.wake();
    return undefined;
  }
}

async function follow(query: ListQuery, sink: Sink, context: FeedContext, first: string): Promise<void> {
  let version: string | undefined = first;
  let pause = SHORTEST_PAUSE;
  while (!context.signal.aborted) {
    const since = performance.now();
    try {
      version ??= await read(query, sink, context);
      if (version === undefined) return;
      for await (const event of context.client.watch(query, version, context.signal)) {
        version = versionOf(event) ?? version;
        pause = SHORTEST_PAUSE;
        if (event.type === 'BOOKMARK') continue;
        sink.apply(event);
        context.wake();
      }
    } catch (error) {
      if (context.signal.aborted) return;
      context.logger.debug(`The watch of ${query.kind} ended: ${String(error)}`);
      sink.interrupted();
      version = undefined;
    }
    if (performance.now() - since < pause) pause = await rest(pause, context.signal);
  }
}

function versionOf(event: WatchEvent): string | undefined {
  return event.type === 'BOOKMARK'
    ? event.resourceVersion
    : textAt(event.object, 'metadata', 'resourceVersion');
}

/** The next pause, twice as long. */
async function rest(pause: number, signal: AbortSignal): Promise<number> {
  await sleep(pause, undefined, { signal }).catch(() => {});
  return Math.min(pause * 2, LONGEST_PAUSE);
}
