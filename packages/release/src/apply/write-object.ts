import type { AppliedObject, ClusterClient } from '@slipway/cluster';
import {
  type Clock,
  defined,
  type RecordedObject,
  type Seal,
  SlipwayError,
  stringifyJson,
  textMap,
} from '@slipway/core';
import {
  givenNameOf,
  isJob,
  isTerminating,
  type KubernetesObject,
  keyOf,
  PART_OF,
  referenceTo,
  uidIfAny,
} from '@slipway/kubernetes';
import { awaitGone, objectStays } from '../cluster/await-gone.ts';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import { unlessCode } from '../cluster/expected-errors.ts';
import { fieldManager } from '../names.ts';
import { type ReplicasByKey, withLiveReplicas, withReplicasOf } from '../objects/autoscaling.ts';
import { bodyOf, type Stamp, unsealed } from '../objects/body.ts';
import { withClaims } from '../objects/claims.ts';
import { forVersion } from '../objects/identity.ts';
import type { PreparedObject } from '../plan/compared.ts';
import { applyOptions } from '../plan/try-out.ts';
import type { ReleaseRequest, Unseal } from '../request.ts';

/** How often an object is compared again that others write at the same time. */
const MOST_ATTEMPTS = 20;

export interface WriteContext {
  readonly client: ClusterClient;
  readonly request: Pick<ReleaseRequest, 'identity' | 'adopt' | 'forceConflicts'>;
  readonly takenOver: boolean;
  readonly set: string;
  readonly stamp: Stamp;
  readonly seals: ReadonlyMap<string, readonly Seal[]>;
  readonly replicas: ReplicasByKey;
  readonly unseal: Unseal | undefined;
  /** Milliseconds that deleting an object may take before it is created again. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface WrittenObject {
  /** As the record lists it. */
  readonly recorded: RecordedObject;
  /** As the server has it now, as far as that was asked. */
  readonly live: KubernetesObject | undefined;
}

/** Writes one object if it has changed. */
export async function writeObject(context: WriteContext, prepared: PreparedObject): Promise<WrittenObject> {
  const { object, action, live } = prepared;
  if (action === 'unchanged') {
    const now = await asUnchanged(context, object, live);
    const stamped = now === live ? {} : { stamped: true };
    return { recorded: { ...recorded(object, now, false), ...stamped }, live: now };
  }
  const written =
    action === 'replace' && live !== undefined
      ? await replace(context, object, live)
      : await change(context, object, live);
  return { recorded: recorded(object, written, true), live: written };
}

async function change(
  context: WriteContext,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): Promise<KubernetesObject> {
  const before = live === undefined ? undefined : await takeOver(context, object, live);
  return (await apply(context, object, before)).object;
}

/**
 * An unchanged object is not written, unless the run before left its lock: then it gets another version by its stamp, so that nothing
 * which that run compared before can be written any more, however late it arrives.
 */
async function asUnchanged(
  context: WriteContext,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): Promise<KubernetesObject | undefined> {
  if (!context.takenOver || live === undefined || isJob(object)) return live;
  return (await apply(context, object, live)).object;
}

/** Deletes an object and creates it again, with as many replicas as an autoscaler has given it. */
async function replace(
  context: WriteContext,
  object: KubernetesObject,
  live: KubernetesObject,
): Promise<KubernetesObject> {
  await remove(context, live);
  return (await apply(context, withReplicasOf(object, live, context.replicas), undefined)).object;
}

/** Moves to our manager what the apply that follows has to remove from others. */
async function takeOver(
  context: WriteContext,
  object: KubernetesObject,
  known: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const { client, request } = context;
  const reference = referenceTo(object);
  for (let live: KubernetesObject | undefined = known; ; live = await client.get(reference)) {
    if (live === undefined) return undefined;
    const moved = withClaims(live, body(context, object, live), fieldManager(request.identity), context);
    if (moved === live) return live;
    const { resourceVersion = '', managedFields = [] } = moved.metadata;
    const patch = { metadata: { resourceVersion, managedFields } };
    const done = await unlessCode('cluster-conflict', () => client.patch(reference, patch));
    if (done !== undefined) return done;
  }
}

async function apply(
  context: WriteContext,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): Promise<AppliedObject> {
  const options = applyOptions(context.request);
  for (let known = live, left = MOST_ATTEMPTS; ; left--) {
    const sent = body(context, object, known);
    try {
      const applied = await context.client.apply(forVersion(sent, known), options);
      // Its deletion began after the comparison, and takes with it what was written.
      if (isTerminating(applied.object)) throw new SlipwayError(objectStays(applied.object));
      return applied;
    } catch (error) {
      if (left === 0 || !isOvertaken(error)) throw error;
      // An autoscaler may have changed the replicas since the comparison, and owns them now.
      const now = await context.client.get(referenceTo(object));
      if (now !== undefined && known !== undefined && !isSameMember(now, known)) throw error;
      const taken = now && (await takeOver(context, object, now));
      const isSame = stringifyJson(body(context, object, taken)) === stringifyJson(sent);
      if (isSame && taken === now && error.code === 'cluster-field-conflict') throw error;
      known = taken;
    }
  }
}

/** Whether a live object is still the one that was compared, and in the same set. */
function isSameMember(now: KubernetesObject, compared: KubernetesObject): boolean {
  const setOf = ({ metadata }: KubernetesObject) => textMap(metadata['labels'] ?? null)[PART_OF];
  return uidIfAny(now) === uidIfAny(compared) && setOf(now) === setOf(compared);
}

function isOvertaken(error: unknown): error is SlipwayError {
  return (
    error instanceof SlipwayError &&
    (error.code === 'cluster-field-conflict' || error.code === 'cluster-conflict')
  );
}

function body(
  { request, seals, unseal, replicas, set, stamp }: WriteContext,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): KubernetesObject {
  const open = unsealed(object, seals.get(keyOf(object)) ?? [], live, unseal);
  return bodyOf(withLiveReplicas(open, live, replicas, fieldManager(request.identity)), set, stamp);
}

/** Deletes an object with its dependents and waits for that, so that they do not conflict with the new one. */
async function remove(
  { client, signal, timeout, clock }: WriteContext,
  live: KubernetesObject,
): Promise<void> {
  await deleteAsRead(client, live, 'Foreground');
  await awaitGone([live], { client, timeout, clock, signal });
}

/** An object as a record lists it. */
export function recorded(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  written: boolean,
): RecordedObject {
  const { apiVersion, kind, namespace, name } = referenceTo(object);
  const uid = uidIfAny(live);
  const generation = live?.metadata['generation'];
  const given = givenNameOf(object);
  return {
    apiVersion,
    kind,
    ...defined({ namespace }),
    name,
    ...(given === name ? {} : { given }),
    ...defined({ uid }),
    ...(typeof generation === 'number' ? { generation } : {}),
    written,
  };
}
