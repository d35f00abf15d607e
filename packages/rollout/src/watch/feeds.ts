import { defined } from '@slipway/core';
import { isJob, type Kind, kindKey, uidOf } from '@slipway/kubernetes';
import type { Successor } from '../rollout.ts';
import { EVENT } from '../status/kinds.ts';
import { type FeedContext, openFeed, type Sink } from './feed.ts';
import type { PlannedFeed } from './queries.ts';
import type { Section } from './section.ts';
import type { Store } from './store.ts';

/** Reads all kinds at once, and then follows them until the signal aborts. */
export async function openFeeds(
  feeds: readonly PlannedFeed[],
  store: Store,
  context: FeedContext,
): Promise<void> {
  for (const follow of await readFeeds(feeds, store, context)) void follow();
}

/** Reads all kinds once. @returns how to follow them */
export async function readFeeds(
  feeds: readonly PlannedFeed[],
  store: Store,
  context: FeedContext,
): Promise<readonly (() => Promise<void>)[]> {
  const opened = feeds.map(async ({ watched, ...feed }) => {
    const { query } = feed;
    const section = store.open(query, query.namespace ?? '');
    const sink = sinkFor(query, store, section);
    const follow = await openFeed(feed, sink, context);
    return watched ? [follow] : [];
  });
  return (await Promise.all(opened)).flat();
}

function sinkFor(kind: Kind, store: Store, section: Section): Sink {
  if (kindKey(kind) === kindKey(EVENT)) return warningSink(store, section);
  return isJob(kind) ? jobSink(store, section) : sectionSink(section);
}

/** How a Job ended is often known only from its last state, as it may be removed at once. */
function jobSink({ lastStates }: Store, section: Section): Sink {
  const sink = sectionSink(section);
  return {
    ...sink,
    replace: items => {
      const present = new Set(items.map(uidOf));
      for (const job of section.all()) if (!present.has(uidOf(job))) lastStates.put(job, false);
      section.replace(items);
    },
    apply: event => {
      if (event.type === 'DELETED') lastStates.put(event.object, true);
      sink.apply(event);
    },
  };
}

function sectionSink(section: Section): Sink {
  return {
    replace: items => section.replace(items),
    apply: ({ type, object }) =>
      type === 'DELETED' ? section.remove(object.metadata.name) : section.put(object),
    interrupted: why => section.interrupted(why),
    deny: why => section.deny(why),
  };
}

/** Warnings are kept by the object that they are about, and their own section stays empty. */
function warningSink({ warnings }: Store, section: Section): Sink {
  return {
    replace: items => {
      warnings.putListed(items);
      section.replace([]);
    },
    apply: ({ type, object }) => {
      if (type !== 'DELETED') warnings.put(object);
    },
    interrupted: why => section.interrupted(why),
    deny: why => section.deny(why),
  };
}

/** Reads again what is not watched, so that what is gone by now is seen. */
export async function readAgain(
  feeds: readonly PlannedFeed[],
  store: Store,
  context: FeedContext,
): Promise<void> {
  const unwatched = feeds.filter(({ watched, part }) => !watched && part === 'metadata');
  await readFeeds(unwatched, store, context);
}

/** Watches for a newer release; `found` is called once there is one. */
export async function openSuccessorFeed(
  successor: Successor,
  context: FeedContext,
  found: (name: string) => void,
): Promise<void> {
  const { kind, namespace, labelSelector, fieldSelector } = successor;
  const see = (name: string): void => {
    if (successor.isSuccessor(name)) found(name);
  };
  const query = {
    ...kind,
    namespace,
    ...defined({ labelSelector, fieldSelector }),
  };
  const follow = await openFeed(
    { query, part: 'metadata', need: 'helpful' },
    {
      replace: items => items.forEach(item => void see(item.metadata.name)),
      apply: event => see(event.object.metadata.name),
      interrupted: () => {},
      deny: () => {},
    },
    context,
  );
  void follow();
}
