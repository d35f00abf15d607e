import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import { hasCode } from '../cluster/expected-errors.ts';
import { bodyOf, type Stamp } from '../objects/body.ts';
import { forVersion } from '../objects/identity.ts';

/** How often an object is looked at again that others write at the same time. */
const MOST_ATTEMPTS = 20;
const PAUSE = 50;

export interface TemporaryWrite {
  readonly client: ClusterClient;
  readonly manager: string;
  readonly set: string;
  /** What it is stamped with, by what is there. */
  stampFor(live: KubernetesObject | undefined): Stamp;
  /** Takes over fields of other managers. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/**
 * Applies an object for the version that was looked at, and looks again if that has changed meanwhile.
 * @param objectFor returns the object for what is there, or undefined to leave it
 * @throws SlipwayError `cluster-field-conflict` where someone else owns a field, unless it is forced
 */
export async function writeLookedAt(
  { client, manager, set, stampFor, force, signal }: TemporaryWrite,
  reference: ObjectReference,
  objectFor: (live: KubernetesObject | undefined) => KubernetesObject | undefined,
): Promise<KubernetesObject | undefined> {
  for (let left = MOST_ATTEMPTS; ; left--) {
    const live = await client.get(reference);
    const object = objectFor(live);
    if (object === undefined) return live;
    const body = forVersion(bodyOf(object, set, stampFor(live)), live);
    try {
      return (await client.apply(body, { fieldManager: manager, force })).object;
    } catch (error) {
      if (left === 0 || !hasCode(error, 'cluster-conflict')) throw error;
      await sleep(PAUSE, undefined, { signal });
    }
  }
}
