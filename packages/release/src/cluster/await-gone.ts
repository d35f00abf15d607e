import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { type Clock, defined, inParallel, type Problem, quote, throwIfAny } from '@slipway/core';
import {
  describeObject,
  type KubernetesObject,
  type ObjectReference,
  referenceTo,
  uidIfAny,
} from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { unlessUnknown } from './expected-errors.ts';
import { listObjects } from './listed.ts';

const LOOK_EVERY = 100;
/** Milliseconds. Pods get 30 s to end by default; a finalizer that keeps an object longer often needs a person. */
export const MOST_FOR_DELETION = 60_000;

export interface AwaitGoneOptions {
  readonly client: Pick<ClusterClient, 'get' | 'listMetadata'>;
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
  options: AwaitGoneOptions,
): Promise<void> {
  const going = objects.map(object => ({ ...referenceTo(object), uid: uidIfAny(object) }));
  throwIfAny((await stillThere(going, options)).map(objectStays));
}

/** An object by its name, and which of that name it is. */
export interface Deleted extends ObjectReference {
  readonly uid?: string | undefined;
}

/** Waits until deleted objects are gone. @returns those that still exist after that time */
export async function stillThere(
  objects: readonly Deleted[],
  { client, timeout, clock, signal }: AwaitGoneOptions,
): Promise<KubernetesObject[]> {
  const deadline = clock().getTime() + timeout;
  const listed = await listObjects(client, objects);
  const found = await inParallel(objects, async ({ apiVersion, kind, namespace, name, uid }) => {
    const reference = { apiVersion, kind, ...defined({ namespace }), name };
    for (let isFirst = true; ; isFirst = false) {
      const live =
        isFirst && listed.covers(reference)
          ? listed.get(reference)
          : await unlessUnknown(client.get(reference));
      if (live === undefined || uidIfAny(live) !== uid) return [];
      if (clock().getTime() >= deadline) return [live];
      await sleep(LOOK_EVERY, undefined, { signal });
    }
  });
  return found.flat();
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
