import { formatProblem, type Problem, type Release } from '@slipway/core';
import { keyOf, objectKey } from '@slipway/kubernetes';
import { completeRecord } from '../apply/previous.ts';
import { throwProblems } from '../apply/throw-problems.ts';
import { changeRecord } from '../records/records.ts';
import { prepareOpen } from './prepare-open.ts';
import { heldKeys, heldOf, type StepsContext } from './steps-context.ts';
import { type HalfOptions, writeHalf } from './write-half.ts';
import { writeBase } from './write-held.ts';

/** Why the last half may not be written: rights and dry runs are asked again, since they may have changed while the release was open. */
export async function commitProblems(context: StepsContext): Promise<readonly Problem[]> {
  return (await prepareOpen(context)).problems;
}

/** As `commitProblems`, in one sentence; undefined if there is none. */
export async function commitRefusal(context: StepsContext): Promise<string | undefined> {
  const problems = await commitProblems(context);
  return problems.length === 0 ? undefined : problems.map(formatProblem).join('; ');
}

/**
 * Writes what waits for the commit: stable itself, and all that stable could have noticed. Held objects stay as they are held.
 * @returns the record
 * @throws SlipwayError what refuses it before the first write, and `stage-failed`
 */
export async function writeLastHalf(
  context: StepsContext,
  options: Pick<HalfOptions, 'standby' | 'onJobLogs'> = {},
): Promise<Release> {
  const completed = await completeRecord(context.client, context.release);
  const whole = { ...context, release: completed };
  const prepared = await prepareOpen(whole);
  throwProblems(prepared);
  const last = keysOf(completed, 'last');
  const held = heldKeys(whole);
  return await writeHalf(whole, {
    ...options,
    prepared,
    as: completed,
    isMeant: ({ object, action }) => action !== 'skip' && last.has(keyOf(object)) && !held.has(keyOf(object)),
  });
}

/** The keys of the objects of a half. */
export function keysOf({ objects }: Release, half: 'first' | 'last'): ReadonlySet<string> {
  return new Set(
    objects.filter(entry => entry.half === half && entry.copyOf === undefined).map(entry => objectKey(entry)),
  );
}

/**
 * Gives held objects the form that the manifests of the committed release have, which ends it: no user is sent anywhere else by that,
 * as no copy is left.
 */
export async function releaseHeld(context: StepsContext): Promise<Release> {
  const { client, release, clock } = context;
  const prepared = await prepareOpen(context);
  throwProblems(prepared);
  const held = heldKeys(context);
  const written = await writeHalf(context, {
    prepared,
    as: release,
    isMeant: ({ object, action }) => action !== 'skip' && held.has(keyOf(object)),
  });
  const known = new Set(release.objects.map(entry => objectKey(entry)));
  // What leaves the formation is as it was, until it is pruned.
  for (const one of heldOf(context).filter(({ reference }) => !known.has(objectKey(reference))))
    await writeBase(context, one);
  return await changeRecord(client, written, record => ({
    ...record,
    // What is as the manifests say without a write of this release, such as a Job that has run, is not to be written any more.
    objects: record.objects.map(({ toWrite: _, ...entry }) => entry),
    applied: clock().toISOString(),
  }));
}
