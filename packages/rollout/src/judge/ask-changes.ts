import { inParallel } from '@slipway/core';
import type { WatchedObject } from '../rollout.ts';
import type { Store } from '../watch/store.ts';

/** Sees to it that the store keeps what tells who wrote a field; call it before anything is read. */
export function keepOwners(objects: readonly WatchedObject[], store: Store): void {
  for (const object of objects)
    if (object.content !== undefined) store.open(object, object.namespace ?? '').keepOwners(object.name);
}

/** Asks what others have written over, of each object that has changed since it was asked last. */
export async function askForChanges(objects: readonly WatchedObject[], store: Store): Promise<void> {
  await inParallel(objects, async object => {
    const live = store.section(object, object.namespace ?? '')?.get(object.name);
    if (live !== undefined) await store.changes.ask(object, live);
  });
}
