import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration, type Release } from '@slipway/core';
import {
  describeObject,
  type KubernetesObject,
  numberAt,
  objectKey,
  referenceTo,
  uidIfAny,
} from '@slipway/kubernetes';
import { formOf, sendsTo } from '@slipway/steps';
import { completeRecord } from '../apply/previous.ts';
import { stillThere } from '../cluster/await-gone.ts';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import { changeRecord } from '../records/records.ts';
import { awaitLeft } from './endpoints.ts';
import { isOwnCopy } from './own-copies.ts';
import { readServing } from './stable-serves.ts';
import { type Held, heldOf, type StepsContext, workloadsOf } from './steps-context.ts';
import { readCopies } from './write-copies.ts';
import { bringBack, sendHome } from './write-held.ts';

/** From the change of endpoints until the pods of the copies end. */
const DRAIN = 10_000;
/** Milliseconds that pods get at least, beside their own grace period. */
const MOST_FOR_PODS = 60_000;

/**
 * Sends users to stable and removes the copies: their pods end once they get no new connection, and close what is open. A Service whose
 * stable pods are not Ready stays as it is, and then all copies stay.
 * @returns the record, without the copies that are gone
 */
export async function goHome(context: StepsContext): Promise<Release> {
  const completed = await completeRecord(context.client, context.release);
  const whole = { ...context, release: completed };
  const copies = await readCopies(whole);
  if (!(await sendAllHome(whole, copies))) return completed;
  const deployments = copies.map(({ live }) => live).filter(({ kind }) => kind === 'Deployment');
  if (deployments.length > 0) {
    await awaitLeft(whole, deployments);
    await sleep(drainOf(context), undefined, { signal: context.signal });
  }
  return await removeCopies(whole, copies);
}

/** @returns whether all users are sent to stable */
async function sendAllHome(context: StepsContext, copies: Copies): Promise<boolean> {
  const stable = await readServing(context, copies);
  const serving = new Map(stable.map(({ name, isServing }) => [name, isServing]));
  let isWhole = true;
  for (const held of heldOf(context)) {
    // A budget is narrowed to stable all the time.
    if (held.base.kind !== 'Service') continue;
    const live = await context.client.get(held.reference);
    if (live === undefined ? held.isNew : formOf(live) === 'stable') continue;
    const isHome = isServed(context, held, serving);
    if (isHome) await sendHome(context, held);
    else if (live === undefined) await bringBack(context, held);
    isWhole &&= isHome;
  }
  return isWhole;
}

function isServed(context: StepsContext, { base }: Held, serving: ReadonlyMap<string, boolean>): boolean {
  return workloadsOf(context)
    .filter(({ next }) => sendsTo(base, next))
    .every(({ name }) => serving.get(name) === true);
}

function drainOf({ steps }: Pick<StepsContext, 'steps'>): number {
  return parseDuration(steps.settings?.drain ?? '') ?? DRAIN;
}

type Copies = Awaited<ReturnType<typeof readCopies>>;

/** Deployments go first, and only once their pods are gone what protected them. */
async function removeCopies(context: StepsContext, copies: Copies): Promise<Release> {
  const { client, release, clock, signal, logger } = context;
  const own = copies.filter(copy => isOwnCopy(context, copy));
  for (const { live } of copies.filter(copy => !own.includes(copy)))
    logger.warning(`${describeObject(referenceTo(live))} is not Slipway's any more, and is not deleted`);
  for (const isFirst of [true, false]) {
    const part = own.filter(({ live }) => (live.kind === 'Deployment') === isFirst);
    for (const { live } of part) await deleteAsRead(client, live, 'Foreground');
    const going = part.map(({ live }) => ({ ...referenceTo(live), uid: uidIfAny(live) }));
    const stays = await stillThere(going, {
      client,
      clock,
      signal,
      timeout: graceOf(part.map(({ live }) => live)),
    });
    for (const live of stays)
      logger.warning(`${describeObject(referenceTo(live))} is being deleted, and still exists`);
    if (stays.length > 0) return release;
    for (const { live } of part) logger.info(`Deleted ${describeObject(referenceTo(live))}`);
  }
  return await withoutCopies(context);
}

function graceOf(deployments: readonly KubernetesObject[]): number {
  const seconds = deployments.map(
    live => numberAt(live, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds') ?? 0,
  );
  return MOST_FOR_PODS + 1000 * Math.max(0, ...seconds);
}

/** The record without copies, of which none is left. */
async function withoutCopies(context: StepsContext): Promise<Release> {
  const left = new Set(
    (await readCopies(context)).filter(copy => isOwnCopy(context, copy)).map(({ entry }) => objectKey(entry)),
  );
  return await changeRecord(context.client, context.release, record => ({
    ...record,
    objects: record.objects.filter(entry => entry.copyOf === undefined || left.has(objectKey(entry))),
  }));
}
