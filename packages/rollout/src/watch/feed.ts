import { setTimeout as sleep } from 'node:timers/promises';
import type { ListQuery, WatchEvent } from '@slipway/cluster';
import { type Logger, SlipwayError } from '@slipway/core';
import { textAt } from '@slipway/kubernetes';
import type { RolloutCluster } from '../rollout.ts';

/** The receiver of what a feed reads. */
export interface Sink {
  replace(items: Awaited<ReturnType<RolloutCluster['list']>>['items']): void;
  apply(event: Exclude<WatchEvent, { type: 'BOOKMARK' }>): void;
  /** The connection is lost; what was read may have changed since. */
  interrupted(why: string): void;
  /** These objects cannot be read. */
  deny(why: string): void;
}

/** One list, and the watch that follows it. */
export interface FeedQuery {
  readonly query: ListQuery;
  /** `metadata` where only names and UIDs are used; then the list asks for no more. */
  readonly part: 'whole' | 'metadata';
  /** Without a `required` list there is no verdict; without a `helpful` one the verdict says less. */
  readonly need: 'required' | 'helpful';
}

export interface FeedContext {
  readonly client: RolloutCluster;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Called after each change. */
  wake(): void;
  /** Called where a `required` list can be read, and its changes cannot. */
  fail(error: SlipwayError): void;
}

/** The shortest pause between requests to a server that cuts every watch at once, in milliseconds. */
const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** A watch that is refused as often, each time after its list was read, needs a right that these credentials lack. */
const MOST_REFUSALS = 2;

/** Answers that a second attempt does not change. */
const DENIALS: ReadonlySet<string> = new Set([
  'cluster-forbidden',
  'cluster-unknown-kind',
  'cluster-not-found',
]);

/**
 * Reads a list, and resolves to the rest of the work: to follow its changes until the signal aborts, over expired lists, cut
 * watches and restarts of the API server.
 * @throws SlipwayError where the first list cannot be read, unless it is `helpful` and the right to it is missing
 */
export async function openFeed(
  feed: FeedQuery,
  sink: Sink,
  context: FeedContext,
): Promise<() => Promise<void>> {
  const version = await read(feed, sink, context);
  if (version === undefined) return async () => {};
  return () => follow(feed, sink, context, version);
}

/** The version to watch from; undefined where the list cannot be read and is not needed. */
async function read(
  { query, part, need }: FeedQuery,
  sink: Sink,
  context: FeedContext,
): Promise<string | undefined> {
  try {
    const { client } = context;
    const list = part === 'whole' ? client.list(query) : client.listMetadata(query);
    const { items, resourceVersion } = await list;
    sink.replace(items);
    context.wake();
    return resourceVersion;
  } catch (error) {
    if (need === 'required' || !(error instanceof SlipwayError) || !DENIALS.has(error.code)) throw error;
    leaveOut(query, sink, context, error);
    return undefined;
  }
}

function leaveOut({ kind }: ListQuery, sink: Sink, { logger, wake }: FeedContext, error: SlipwayError): void {
  logger.info(`Objects of kind ${kind} are left out of the verdict: ${error.message}`);
  sink.deny(error.message);
  wake();
}

async function follow(feed: FeedQuery, sink: Sink, context: FeedContext, first: string): Promise<void> {
  let version: string | undefined = first;
  let pause = SHORTEST_PAUSE;
  let refusals = 0;
  const onEvent = (): void => {
    pause = SHORTEST_PAUSE;
  };
  while (!context.signal.aborted) {
    const since = performance.now();
    try {
      version ??= await read(feed, sink, context);
      if (version === undefined) return;
      version = await followOnce(feed, sink, context, version, onEvent);
      refusals = 0;
    } catch (error) {
      if (context.signal.aborted) return;
      refusals = version !== undefined && isForbidden(error) ? refusals + 1 : 0;
      if (refusals === MOST_REFUSALS) return giveUp(feed, sink, context, error as SlipwayError);
      const why = error instanceof SlipwayError ? error.message : String(error);
      context.logger.debug(`The watch of ${feed.query.kind} ended: ${why}`);
      sink.interrupted(why);
      version = undefined;
    }
    if (performance.now() - since < pause) pause = await rest(pause, context.signal);
  }
}

/** Follows one watch to its end. @returns the version that the next one begins at */
async function followOnce(
  { query }: FeedQuery,
  sink: Sink,
  { client, signal, wake }: FeedContext,
  first: string,
  onEvent: () => void,
): Promise<string> {
  let version = first;
  for await (const event of client.watch(query, first, signal)) {
    version = versionOf(event) ?? version;
    onEvent();
    if (event.type === 'BOOKMARK') continue;
    sink.apply(event);
    wake();
  }
  return version;
}

function giveUp({ query, need }: FeedQuery, sink: Sink, context: FeedContext, error: SlipwayError): void {
  if (need === 'required') context.fail(error);
  else leaveOut(query, sink, context, error);
}

function isForbidden(error: unknown): boolean {
  return error instanceof SlipwayError && error.code === 'cluster-forbidden';
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
