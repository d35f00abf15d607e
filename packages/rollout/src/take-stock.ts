import type { Clock, Logger, ObjectVerdict } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import { askForChanges, keepOwners } from './judge/ask-changes.ts';
import { askForEnds } from './judge/ask-ends.ts';
import { judge, type Outcome } from './judge/judge.ts';
import { emptyMemory, remember } from './judge/memory.ts';
import { observe } from './judge/observe.ts';
import type { RolloutCluster, WatchedObject } from './rollout.ts';
import type { StatusRules } from './status/assess.ts';
import { readFeeds } from './watch/feeds.ts';
import { queriesFor } from './watch/queries.ts';
import { Store } from './watch/store.ts';

export interface StockOptions {
  readonly client: RolloutCluster;
  readonly objects: readonly WatchedObject[];
  /** Status rules for custom resources whose conditions do not suffice. */
  readonly rules?: StatusRules | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface ObjectHealth {
  readonly object: ObjectReference;
  /** Whether nothing is known to be wrong with it: an object without a status of its own counts. */
  readonly healthy: boolean;
  readonly state: ObjectVerdict['status'];
  /** Whether the credentials may read its kind. */
  readonly readable: boolean;
  readonly message: string;
  /** For a Job: whether it has completed. */
  readonly ran: boolean;
}

/**
 * The health of objects right now, in the order given, by the rules of a watched rollout: what a release finds before it writes.
 * What a caller knows of an object counts, such as its UID: without that, only what exists now under its name.
 * An object that does not exist is not healthy.
 * @throws SlipwayError `cluster-…` where the cluster does not answer
 */
export async function takeStock(options: StockOptions): Promise<readonly ObjectHealth[]> {
  return await (await readStock(options)).health(options.objects, options.rules);
}

/** What the cluster had of objects when they were read, to be judged as often as needed. */
export interface Stock {
  /** The health of some of them, as `takeStock` has it. */
  health(objects: readonly WatchedObject[], rules?: StatusRules): Promise<readonly ObjectHealth[]>;
  /** An object under its name, with its metadata at least; `unreadable` where the credentials may not read its kind. */
  find(object: ObjectReference): KubernetesObject | 'unreadable' | undefined;
}

/**
 * Reads all that the health of objects depends on.
 * @throws SlipwayError `cluster-…` where the cluster does not answer
 */
export async function readStock(options: Omit<StockOptions, 'rules'>): Promise<Stock> {
  const store = new Store();
  // A kind that is not served yet, or that cannot be read, is not an error here.
  const feeds = queriesFor(options.objects).map(feed => ({ ...feed, need: 'helpful' as const }));
  const logger = { ...options.logger, info: options.logger.debug };
  keepOwners(options.objects, store);
  await readFeeds(feeds, store, { ...options, logger, wake: () => {}, fail: () => {} });
  return {
    async health(objects, rules) {
      await askForEnds(options.client, objects, store);
      await askForChanges(objects, store);
      const now = options.clock().getTime();
      const observations = observe(objects, store, rules);
      const memory = remember(emptyMemory(now), observations, now);
      const terms = { stableFor: 0, timeout: 0, current: true, superseded: false };
      return judge(observations, memory, terms, now).outcomes.map(outcome => healthOf(outcome, store));
    },
    find(object) {
      const section = store.section(object, object.namespace ?? '');
      if (section === undefined || section.unreadable !== undefined) return 'unreadable';
      return section.get(object.name);
    },
  };
}

function healthOf({ object, state, message, ran }: Outcome, store: Store): ObjectHealth {
  const section = store.section(object, object.namespace ?? '');
  return {
    ...{ object, message, state },
    healthy: state === 'ready' || state === 'unknown',
    readable: section !== undefined && section.unreadable === undefined,
    ran: ran === true,
  };
}
