import {
  defined,
  parseDuration,
  type RecordedObject,
  type Release,
  type ReleaseSteps,
  SlipwayError,
} from '@slipway/core';
import { keyOf, objectKey, referenceTo, uidOf } from '@slipway/kubernetes';
import { formationTerms } from '@slipway/rollout';
import { stepList } from '@slipway/steps';
import { stopReason } from '../apply/unfinished.ts';
import { recordedBefore, recordOf, type WriteReleaseOptions } from '../apply/write-release.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { serverTime } from '../looks/server-time.ts';
import type { PreparedSteps } from '../plan/prepared-steps.ts';
import { stableVerdict, templateDigest } from '../plan/stable-intact.ts';
import { keepHashKey } from '../records/hash-key.ts';
import { widenInventory } from '../records/inventory.ts';
import { noteNewest } from '../records/note-release.ts';
import { changeRecord, createRecord } from '../records/records.ts';
import { keepSecrets } from '../records/secret-copies.ts';
import { closeUndone } from '../steps/close-steps.ts';
import { keysOf } from '../steps/commit-halves.ts';
import { goHome } from '../steps/go-home.ts';
import { heldKeys, openSteps, type StepsContext } from '../steps/steps-context.ts';
import { strangerBeside } from '../steps/strangers.ts';
import { restoreHeld, takeBackFirstHalf } from '../steps/take-back.ts';
import { readCopies, writeCopies } from '../steps/write-copies.ts';
import { writeHalf } from '../steps/write-half.ts';
import { writeHeld } from '../steps/write-held.ts';

export interface BeginOptions extends WriteReleaseOptions {
  readonly steps: PreparedSteps;
}

/** When an open release is undone that no one decides about. */
const EXPIRES = 24 * 3_600_000;

/**
 * Begins a release in steps: its record with all copies, held objects narrowed to stable, the first half, and the copies. No user gets
 * the new version by that. One that fails on the way is undone at once.
 * @returns its record, which is open until its steps close it
 */
export async function beginSteps(options: BeginOptions): Promise<Release> {
  const { client, prepared, previous, onRecorded, steps, logger, clock } = options;
  if (previous === undefined) throw new TypeError('a release in steps has one before it');
  refuseUnlessServed(previous);
  for (const { message, remedy } of steps.otherSenders) logger.warning(`${message}; ${remedy}`);
  const terms = await formationTerms(prepared.request.verify);
  const before = options.before ?? (await recordedBefore(options, terms));
  const objects = [...asHalves(before, steps), ...copyEntries(steps)];
  const now = await serverTime(client, clock);
  const hold = await options.holdForRecord();
  await options.standby.giveWay();
  const release = await createRecord(client, prepared.request.identity, number => ({
    ...recordOf(options, objects, number),
    // What leaves is needed until the commit.
    prune: prepared.request.prune === 'off' ? 'off' : 'after-success',
    ...defined({ hold }),
    steps: stateOf(options, previous, now),
  }));
  onRecorded(release);
  try {
    return await bring(options, release);
  } catch (error) {
    await takeBack(options, release, error);
    throw error;
  }
}

/** The release before may have been closed only now. */
function refuseUnlessServed(stable: Release): void {
  const problem = stableVerdict(stable);
  if (problem !== undefined) throw new SlipwayError<ReleaseErrorCode>(problem);
}

/** What is written at which end; held objects are written at the end in any case, as they were narrowed. */
function asHalves(objects: readonly RecordedObject[], { halves, held }: PreparedSteps): RecordedObject[] {
  const kept = new Set(held.map(({ base }) => keyOf(base)));
  return objects.map(object => {
    const key = objectKey(object);
    return { ...object, half: halves.get(key) ?? 'last', ...(kept.has(key) ? { toWrite: true } : {}) };
  });
}

function copyEntries({ copies }: PreparedSteps): RecordedObject[] {
  return copies.map(({ object, copyOf }) => ({
    ...referenceTo(object),
    ...{ written: false, toWrite: true, half: 'first' as const, copyOf },
  }));
}

function stateOf({ prepared, steps }: BeginOptions, stable: Release, now: Date): ReleaseSteps {
  const { steps: _steps, ...settings } = prepared.request.strategy ?? { steps: [] };
  const list = stepList(prepared.request.strategy ?? { steps: [] });
  const expires = parseDuration(settings.expires ?? '') ?? EXPIRES;
  return {
    list,
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    phase: 'starting',
    target: { at: 0, selector: 'stable', asked: 0, real: 0, sizes: sizesOf(steps) },
    times: { expires: new Date(now.getTime() + expires).toISOString() },
    stable: {
      release: stable.number,
      workloads: steps.workloads.map(({ live }) => ({
        ...{ name: live.metadata.name, uid: uidOf(live), template: templateDigest(live) },
      })),
    },
    held: steps.held.map(({ base: { apiVersion, kind, metadata }, live }) => ({
      ...{ apiVersion, kind, name: metadata.name },
      ...(live === undefined ? {} : { uid: uidOf(live) }),
    })),
  };
}

function sizesOf({ workloads, copies }: PreparedSteps): Record<string, number> {
  return Object.fromEntries(
    workloads.map(({ object: { metadata } }) => {
      const copy = copies.find(
        ({ object, copyOf }) => object.kind === 'Deployment' && copyOf === metadata.name,
      );
      const spec = copy?.object['spec'] as { readonly replicas?: number } | undefined;
      return [metadata.name, spec?.replicas ?? 0];
    }),
  );
}

/** Everything before the first user: stable does not notice it. */
async function bring(options: BeginOptions, release: Release): Promise<Release> {
  const { client, prepared, clock, previous = release } = options;
  const { identity } = prepared.request;
  // Who may read the note only is to look at what users have: the copies are temporary, and the last half is yet to be written.
  await noteNewest(client, { ...release, objects: previous.objects }, identity.repository);
  if (prepared.hashKey !== undefined) await keepHashKey(client, release, prepared.hashKey);
  if (prepared.unseal !== undefined) await keepSecrets(client, release, prepared.unseal);
  await widenInventory(client, identity, [...release.objects, ...(release.pending ?? [])]);
  const context = await contextOf(options, release);
  await writeHeld(context, 'stable');
  const first = keysOf(release, 'first');
  const held = heldKeys(context);
  const written = await writeHalf(context, {
    prepared,
    as: release,
    isMeant: ({ object, action }) =>
      action !== 'skip' && first.has(keyOf(object)) && !held.has(keyOf(object)),
    isFollowed: true,
    standby: options.standby,
    onJobLogs: options.onJobLogs,
  });
  const copied = await writeCopies({ ...context, release: written });
  const brought = (await serverTime(client, clock)).toISOString();
  return await changeRecord(client, copied, record => ({
    ...record,
    ...(record.steps === undefined
      ? {}
      : { steps: { ...record.steps, times: { ...record.steps.times, brought } } }),
  }));
}

async function contextOf(options: BeginOptions, release: Release): Promise<StepsContext> {
  const { client, prepared, timeout, clock, signal, logger } = options;
  const { repository } = prepared.request.identity;
  return await openSteps({ client, release, repository, timeout, clock, signal, logger });
}

/**
 * Undoes what could not be brought whole: no user was sent there. A run that has lost the cluster or its lock leaves that to the next
 * look, which does the same.
 */
async function takeBack(options: BeginOptions, release: Release, error: unknown): Promise<void> {
  const { client, logger, signal } = options;
  const stopped = stopReason(error, signal);
  try {
    const undoing = await changeRecord(client, release, record => ({
      ...record,
      stopped,
      ...(record.steps === undefined ? {} : { steps: undone(record.steps, stopped) }),
    }));
    let context = await contextOf(options, undoing);
    for (const act of [goHome, unlessStrange, restoreHeld, takeBackFirstHalf])
      context = await contextOf(options, await act(context));
    await closeUndone(client, context.release, options.clock);
    logger.info(`Release ${release.number} was undone: all is as it was before`);
  } catch (cause) {
    logger.warning(
      `Release ${release.number} is not undone yet: the next run of deploy or verify-rollout does it`,
    );
    logger.debug(`It could not be undone: ${String(cause)}`);
  }
}

/** What is beside stable and not Slipway's must not get users: the next look says what to do about it. */
async function unlessStrange(context: StepsContext): Promise<Release> {
  const stranger = await strangerBeside(context, await readCopies(context));
  if (stranger !== undefined) throw new Error(stranger);
  return context.release;
}

function undone(steps: ReleaseSteps, why: string): ReleaseSteps {
  const sizes = Object.fromEntries(Object.keys(steps.target.sizes).map(name => [name, 0]));
  return {
    ...steps,
    phase: 'undoing',
    target: { ...steps.target, selector: 'stable', asked: 0, real: 0, sizes },
    undo: { verdict: 'rolled-back', by: 'health', why },
  };
}
