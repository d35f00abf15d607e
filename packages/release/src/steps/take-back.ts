import { type RecordedObject, type Release, SlipwayError } from '@slipway/core';
import { isDefinition, isJob, keyOf, objectKey } from '@slipway/kubernetes';
import { completeRecord } from '../apply/previous.ts';
import { removeForGood } from '../apply/remove.ts';
import { throwProblems } from '../apply/throw-problems.ts';
import { isVersion } from '../content/given-names.ts';
import { wroteStable } from '../records/live-release.ts';
import { changeRecord, listReleases, readRelease } from '../records/records.ts';
import { prepareStable } from './prepare-open.ts';
import { heldKeys, heldOf, readStable, type StepsContext } from './steps-context.ts';
import { writeHalf } from './write-half.ts';
import { restoreBase } from './write-held.ts';

/** Gives held objects the form that they had before the release; what it brought is left narrowed, and removed with the first half. */
export async function restoreHeld(context: StepsContext): Promise<Release> {
  for (const held of heldOf(context)) if (!held.isNew) await restoreBase(context, held);
  const restored = new Set(
    heldOf(context)
      .filter(({ isNew }) => !isNew)
      .map(({ reference }) => objectKey(reference)),
  );
  return await changeRecord(context.client, context.release, record => ({
    ...record,
    objects: record.objects.map(entry => (restored.has(objectKey(entry)) ? untouched(entry) : entry)),
  }));
}

/** An entry of an object that is as it was before the release. */
function untouched({ toWrite: _toWrite, stamped: _stamped, ...entry }: RecordedObject): RecordedObject {
  return { ...entry, written: false };
}

/** Creates what someone has removed of the workloads that serve, as their record has them: no step writes them before the commit. */
export async function restoreStable(context: StepsContext): Promise<Release> {
  const gone = new Set<string>();
  for (const { name } of context.steps.stable.workloads)
    if ((await readStable(context, name)) === undefined) gone.add(stableKey(context, name));
  if (gone.size > 0) await restore(context, gone);
  const before = new Map(context.release.objects.map(entry => [objectKey(entry), entry]));
  // It was written for the release that serves, and the open one has still to write it.
  return await changeRecord(context.client, context.release, record => ({
    ...record,
    objects: record.objects.map(entry =>
      gone.has(objectKey(entry)) ? (before.get(objectKey(entry)) ?? entry) : entry,
    ),
  }));
}

function stableKey({ release }: StepsContext, name: string): string {
  return objectKey({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: release.namespace, name });
}

/** Takes back what the first half has changed, and removes what only this release created; Jobs that have run stay. */
export async function takeBackFirstHalf(context: StepsContext): Promise<Release> {
  const held = new Set(
    heldOf(context)
      .filter(({ isNew }) => isNew)
      .map(({ reference }) => objectKey(reference)),
  );
  return await takeBack(context, entry => entry.half === 'first' || held.has(objectKey(entry)));
}

/** Takes back what the commit has written, except for held objects: users stay where they are meanwhile. */
export async function takeBackLastHalf(context: StepsContext): Promise<Release> {
  const held = heldKeys(context);
  return await takeBack(context, entry => entry.half === 'last' && !held.has(objectKey(entry)));
}

async function takeBack(
  context: StepsContext,
  isOfHalf: (entry: RecordedObject) => boolean,
): Promise<Release> {
  const completed = await completeRecord(context.client, context.release);
  const whole = { ...context, release: completed };
  const entries = completed.objects.filter(
    entry => entry.copyOf === undefined && entry.written && isOfHalf(entry),
  );
  const before = new Set([...context.stable.objects, ...(context.stable.pending ?? [])].map(objectKey));
  const changed = new Set(entries.map(objectKey).filter(key => before.has(key)));
  if (changed.size > 0) await restore(whole, changed);
  await remove(
    whole,
    entries.filter(entry => !changed.has(objectKey(entry))),
  );
  return await changeRecord(context.client, completed, record => ({
    ...record,
    objects: record.objects.map(entry => (isTouched(entry, isOfHalf) ? untouched(entry) : entry)),
  }));
}

function isTouched(entry: RecordedObject, isOfHalf: (entry: RecordedObject) => boolean): boolean {
  return entry.copyOf === undefined && isOfHalf(entry) && (entry.written || entry.toWrite === true);
}

async function restore(context: StepsContext, keys: ReadonlySet<string>): Promise<void> {
  const prepared = await prepareStable(context, object => keys.has(keyOf(object)));
  throwProblems(prepared);
  await writeHalf(context, {
    prepared,
    as: context.stable,
    isMeant: ({ action }) => action !== 'skip',
  });
}

/** What only the release created. Versions of contents that another kept release has stay, as do objects of other owners. */
async function remove(context: StepsContext, entries: readonly RecordedObject[]): Promise<void> {
  const { client, release, logger, clock, signal } = context;
  const created = entries.filter(
    entry => !isJob(entry) && !isDefinition(entry) && entry.adopted !== true && entry.existedBefore !== true,
  );
  if (created.length === 0) return;
  const needed = created.some(isVersion) ? await keysOfOthers(context) : new Set<string>();
  await removeForGood(
    { client, release, allow: release.allow ?? {}, logger },
    created.filter(entry => !isVersion(entry) || !needed.has(objectKey(entry))),
    { clock, signal },
  );
}

/** The keys of what other kept releases have; a record that cannot be read may need all of them. */
async function keysOfOthers({ client, release }: StepsContext): Promise<Pick<ReadonlySet<string>, 'has'>> {
  const keys = new Set<string>();
  for (const { number } of await listReleases(client, release)) {
    if (number === release.number) continue;
    try {
      const other = await readRelease(client, release, number);
      // One that was undone as well cannot be gone back to.
      if (wroteStable(other)) for (const entry of other.objects) keys.add(objectKey(entry));
    } catch (error) {
      if (!(error instanceof SlipwayError) || !error.code.startsWith('record-')) throw error;
      return { has: () => true };
    }
  }
  return keys;
}
