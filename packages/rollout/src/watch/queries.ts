import type { ListQuery } from '@slipway/cluster';
import { defined } from '@slipway/core';
import { AUTOSCALERS, isBuiltIn, isClusterScopedBuiltIn, type Kind, kindKey } from '@slipway/kubernetes';
import type { WatchedObject } from '../rollout.ts';
import { isActive } from '../status/assess.ts';
import { EVENT, STORAGE_CLASS } from '../status/kinds.ts';
import { KNOWN_KINDS } from '../status/known-kinds.ts';
import type { FeedQuery } from './feed.ts';

export interface PlannedFeed extends FeedQuery {
  /** Whether the objects change during a rollout. */
  readonly watched: boolean;
}

/** Kinds whose objects do not change during a rollout, unlike nodes, which come and go. */
const UNCHANGING: readonly Kind[] = [STORAGE_CLASS];

/** One query for each kind and namespace that the objects need, and no more. */
export function queriesFor(objects: readonly WatchedObject[]): readonly PlannedFeed[] {
  const found = new Map<string, PlannedFeed>();
  const add = (kind: Kind, namespace: string | undefined, feed: PlannedFeed): void => {
    const key = `${kindKey(kind)}/${namespace ?? ''}`;
    found.set(key, merged(found.get(key), feed));
  };
  for (const object of objects) {
    const { namespace, name } = object;
    add(object, namespace, {
      query: { ...queryOf(versionToRead(object), namespace), fieldSelector: `metadata.name=${name}` },
      ...howToRead(object),
    });
    for (const needed of KNOWN_KINDS.get(kindKey(object))?.needs ?? []) {
      const scope = isClusterScopedBuiltIn(needed) ? undefined : namespace;
      add(needed, scope, neededFeed(needed, scope));
    }
  }
  return [...found.values()];
}

/** The version that shows the conditions of an object; one that has to match its manifest is read in the version of that. */
function versionToRead({ apiVersion, kind, expected }: WatchedObject): Kind {
  const shown = AUTOSCALERS.find(known => kindKey(known) === kindKey({ apiVersion, kind }));
  return shown !== undefined && isBuiltIn(apiVersion) && expected === undefined
    ? shown
    : { apiVersion, kind };
}

/** Objects that have a status, or that have yet to match their manifest, are read whole and watched; of others it is enough who wrote them. */
function howToRead({ apiVersion, kind, expected }: WatchedObject): Omit<PlannedFeed, 'query'> {
  const active = isActive({ apiVersion, kind });
  if (!active && expected === undefined) return { part: 'metadata', need: 'helpful', watched: false };
  return { part: 'whole', need: active ? 'required' : 'helpful', watched: true };
}

function neededFeed(kind: Kind, namespace: string | undefined): PlannedFeed {
  return {
    query: selected(kind, namespace),
    part: 'whole',
    need: 'helpful',
    watched: !UNCHANGING.includes(kind),
  };
}

function queryOf({ apiVersion, kind }: Kind, namespace: string | undefined): ListQuery {
  return { apiVersion, kind, ...defined({ namespace }) };
}

function selected(kind: Kind, namespace: string | undefined): ListQuery {
  return { ...queryOf(kind, namespace), ...(kind === EVENT ? { fieldSelector: 'type=Warning' } : {}) };
}

/** Two objects of a kind are read with one list; a single object is read by its name. */
function merged(earlier: PlannedFeed | undefined, feed: PlannedFeed): PlannedFeed {
  if (earlier === undefined) return feed;
  const need = earlier.need === 'required' ? 'required' : feed.need;
  const part = earlier.part === 'whole' ? earlier.part : feed.part;
  const watched = earlier.watched || feed.watched;
  if (earlier.query.fieldSelector === feed.query.fieldSelector) return { ...feed, part, need, watched };
  const { fieldSelector: _, ...query } = feed.query;
  return { query, part, need, watched };
}
