import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { type Clock, inParallel, type Problem, quote, throwIfAny } from '@slipway/core';
import { describeObject, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { uidOf } from '../objects/identity.ts';

const LOOK_EVERY = 100;

export interface AwaitGoneOptions {
  readonly client: Pick<ClusterClient, 'get'>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Waits until objects that are being deleted are gone: whatever is written to one of them is lost with it.
 * @throws SlipwayError `object-stays` for each that still exists after that time, with its finalizers
 */
export async function awaitGone(
  objects: readonly KubernetesObject[],
  { client, timeout, clock, signal }: AwaitGoneOptions,
): Promise<void> {
  const deadline = clock().getTime() + timeout;
  const problems = await inParallel(objects, async object => {
    for (;;) {
      const live = await client.get(referenceTo(object));
      if (live === undefined || uidOf(live) !== uidOf(object)) return [];
      if (clock().getTime() >= deadline) return [objectStays(live)];
      await sleep(LOOK_EVERY, undefined, { signal });
    }
  });
  throwIfAny(problems.flat());
}

/** The refusal for an object that is being deleted and does not go. */
export function objectStays(live: KubernetesObject): Problem<ReleaseErrorCode> {
  const what = describeObject(referenceTo(live));
  const finalizers = finalizersOf(live);
  return finalizers.length === 0
    ? {
        code: 'object-stays',
        message: `${what} is being deleted, but still exists`,
        remedy: 'look at its pods, and run again once it is gone',
      }
    : {
        code: 'object-stays',
        message: `${what} is being deleted, but its finalizers keep it: ${finalizers.map(quote).join(', ')}`,
        remedy: 'find out why whoever set them does not remove them, and run again once it is gone',
      };
}

/** Who has something to do before a deleted object is gone. */
export function finalizersOf({ metadata }: KubernetesObject): string[] {
  const { finalizers } = metadata;
  return Array.isArray(finalizers) ? finalizers.map(String) : [];
}
