import type { ListQuery } from '@slipway/cluster';
import type { WatchedObject } from '../rollout.ts';
import { isActive } from '../status/assess.ts';
import {
  CONTROLLER_REVISION,
  ENDPOINT_SLICE,
  EVENT,
  type Kind,
  kindKey,
  POD,
  REPLICA_SET,
  STORAGE_CLASS,
} from '../status/kinds.ts';

/** One list, and the watch that follows it where the objects change while a rollout goes on. */
export interface FeedQuery {
  readonly query: ListQuery;
  readonly watched: boolean;
}

/** What else must be seen to know how an object of a kind fares. */
const RELATED: Readonly<Record<string, readonly Kind[]>> = {
  '/Pod': [EVENT],
  '/Service': [ENDPOINT_SLICE],
  'apps/DaemonSet': [POD, EVENT, CONTROLLER_REVISION],
  'apps/Deployment': [REPLICA_SET, POD, EVENT],
  'apps/ReplicaSet': [POD, EVENT],
  'apps/StatefulSet': [POD, EVENT],
  'batch/Job': [POD, EVENT],
};

/** One query for each kind and namespace that the objects need, and no more. */
export function queriesFor(objects: readonly WatchedObject[]): readonly FeedQuery[] {
  const found = new Map<string, FeedQuery>();
  const add = (kind: Kind, namespace: string | undefined, feed: FeedQuery): void => {
    const key = `${kindKey(kind)}/${namespace ?? ''}`;
    found.set(key, merged(found.get(key), feed));
  };
  for (const object of objects.filter(needsLook)) {
    const { apiVersion, kind, namespace, name } = object;
    add(object, namespace, {
      query: { ...place({ apiVersion, kind }, namespace), fieldSelector: `metadata.name=${name}` },
      watched: isActive(apiVersion, kind),
    });
    for (const related of RELATED[kindKey(object)] ?? [])
      add(related, namespace, { query: selected(related, namespace), watched: true });
    if (kindKey(object) === '/PersistentVolumeClaim')
      add(STORAGE_CLASS, undefined, { query: place(STORAGE_CLASS, undefined), watched: false });
  }
  return [...found.values()];
}

/** Configuration that the release has written is there; looking again would read every Secret of the namespace. */
export function needsLook(object: WatchedObject): boolean {
  return isActive(object.apiVersion, object.kind) || object.uid === undefined;
}

function place({ apiVersion, kind }: Kind, namespace: string | undefined): ListQuery {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
}

function selected(kind: Kind, namespace: string | undefined): ListQuery {
  return { ...place(kind, namespace), ...(kind === EVENT ? { fieldSelector: 'type=Warning' } : {}) };
}

/** Two objects of a kind are read together; one alone is asked for by its name. */
function merged(earlier: FeedQuery | undefined, feed: FeedQuery): FeedQuery {
  if (earlier === undefined || earlier.query.fieldSelector === feed.query.fieldSelector) return feed;
  const { fieldSelector: _, ...query } = feed.query;
  return { query, watched: earlier.watched || feed.watched };
}
