import { inParallel } from '@slipway/core';
import { isJob } from '@slipway/kubernetes';
import type { RolloutCluster, WatchedObject } from '../rollout.ts';
import type { Store } from '../watch/store.ts';
import { isEndUnknown } from './gone-job.ts';
import { observe } from './observe.ts';

/** Asks how Jobs ended that are gone, where their last state does not say it. */
export async function askForEnds(
  client: Pick<RolloutCluster, 'list'>,
  objects: readonly WatchedObject[],
  store: Store,
): Promise<void> {
  const jobs = observe(objects.filter(isJob), store);
  const open = jobs.filter(({ object, status }) => isEndUnknown(object, status));
  await inParallel(open, ({ object }) => store.lastStates.ask(client, object));
}
