import { setTimeout as sleep } from 'node:timers/promises';
import type { AppliedObject, ClusterClient } from '@slipway/cluster';
import {
  type KubernetesObject,
  type RecordedObject,
  referenceTo,
  type Seal,
  SlipwayError,
} from '@slipway/core';
import { givenNameOf } from '../content/name-by-content.ts';
import { fieldManager } from '../names.ts';
import { withLiveReplicas } from '../objects/autoscaling.ts';
import { bodyOf, keyOf, type Stamp, unsealed } from '../objects/body.ts';
import { uidOf } from '../objects/normalise.ts';
import { applyOptions, type PreparedObject } from '../plan/compare.ts';
import type { ReleaseRequest, Unseal } from '../request.ts';

/** A Job's name is free again as soon as its deletion is through. */
const DELETION_LOOKS = 300;
const LOOK_EVERY = 100;

export interface WriteContext {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  readonly set: string;
  readonly stamp: Stamp;
  readonly seals: ReadonlyMap<string, readonly Seal[]>;
  readonly targets: ReadonlySet<string>;
  readonly unseal: Unseal | undefined;
  readonly signal: AbortSignal;
}

/** Brings one object to the cluster where it has to be written, and says how it stands there. */
export async function writeObject(context: WriteContext, prepared: PreparedObject): Promise<RecordedObject> {
  const { object, action, live } = prepared;
  if (action === 'unchanged') return recorded(object, live, false);
  if (action === 'replace' && live !== undefined) await remove(context, live);
  const before = action === 'replace' ? undefined : live;
  const { object: written } = await apply(context, object, before);
  return recorded(object, written, true);
}

async function apply(
  context: WriteContext,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): Promise<AppliedObject> {
  const { client, request, set } = context;
  const options = applyOptions(request, set, live);
  try {
    return await client.apply(body(context, object, live), options);
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'cluster-field-conflict') throw error;
    // An autoscaler may have changed the replicas since the comparison; then they are its own now.
    const now = await client.get(referenceTo(object));
    const again = body(context, object, now);
    if (now === undefined || JSON.stringify(again) === JSON.stringify(body(context, object, live)))
      throw error;
    return await client.apply(again, options);
  }
}

function body(
  { request, seals, unseal, targets, set, stamp }: WriteContext,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): KubernetesObject {
  const open = unsealed(object, seals.get(keyOf(object)) ?? [], live, unseal);
  return bodyOf(withLiveReplicas(open, live, targets, fieldManager(request.identity)), set, stamp);
}

async function remove({ client, signal }: WriteContext, live: KubernetesObject): Promise<void> {
  const reference = referenceTo(live);
  await client.delete(reference, { uid: uidOf(live) ?? '' });
  for (let look = 0; look < DELETION_LOOKS; look++) {
    if (uidOf(await client.get(reference)) !== uidOf(live)) return;
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

/** An object as a record lists it. */
export function recorded(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  written: boolean,
): RecordedObject {
  const { apiVersion, kind, namespace, name } = referenceTo(object);
  const uid = uidOf(live);
  const generation = live?.metadata['generation'];
  const given = givenNameOf(object);
  return {
    apiVersion,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(given === name ? {} : { given }),
    ...(uid === undefined ? {} : { uid }),
    ...(typeof generation === 'number' ? { generation } : {}),
    written,
  };
}
