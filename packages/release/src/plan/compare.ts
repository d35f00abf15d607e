import { type Problem, quote, SlipwayError } from '@slipway/core';
import {
  describeObject,
  isJob,
  isTerminating,
  type KubernetesObject,
  keyOf,
  referenceTo,
} from '@slipway/kubernetes';
import { resourceKey } from '../cluster/live.ts';
import { diffVersions, versionBefore } from '../content/version-before.ts';
import { fieldManager } from '../names.ts';
import { bodyOf, stampOf } from '../objects/body.ts';
import type { FieldChange } from '../objects/diff.ts';
import { markDrift } from '../objects/drift.ts';
import { definitionOf } from '../objects/scope.ts';
import { mayRead } from '../refusals/rights.ts';
import type { ResolvedObject } from '../request.ts';
import { ADOPTED } from './compare-claimed.ts';
import { compareJob } from './compare-job.ts';
import { type CompareContext, type Compared, type PreparedObject, storedBody } from './compared.ts';
import { existedBeforeOf } from './existed-before.ts';
import { ownedInFormerVersion } from './former-version.ts';
import { besideHeld } from './held-by-open.ts';
import { hiddenNote } from './hidden-note.ts';
import { type LeftByOthers, leftByOthers } from './left-by-others.ts';
import { oldVersionNote } from './old-version.ts';
import { replicasNote } from './replicas-note.ts';
import { afterDeletion } from './terminating.ts';
import { compareKnown } from './try-out.ts';

/**
 * What applying one object would do. Refusals that leave it comparable are added to `problems`.
 * @throws SlipwayError what the server's dry run refuses
 */
export async function compareObject(
  context: CompareContext,
  { object, positionAt, source, naming }: ResolvedObject,
  problems: Problem[],
): Promise<PreparedObject> {
  const seals = context.seals.get(keyOf(object)) ?? [];
  const base = {
    source,
    object,
    positionAt,
    naming,
    sealed: seals.length > 0,
    fields: [] as FieldChange[],
  };
  const untested = await comesWithRelease(context, object);
  if (untested !== undefined) {
    const owned = await ownedInFormerVersion(context, object, problems);
    return { ...base, action: 'create', note: untested, ...owned };
  }
  if (!isReadable(context, object))
    return {
      ...base,
      action: 'unchanged',
      unread: true,
      note: unreadNote(base.sealed ? hiddenNote(naming) : undefined),
    };
  const known =
    context.members.get(keyOf(object)) ??
    (isJob(object) ? await context.client.get(referenceTo(object)) : undefined);
  const found = isJob(object)
    ? await compareJob(context, object, known, problems)
    : (afterDeletion(known) ?? (await compareLiving(context, object, known, problems)));
  const compared = besideHeld(context.newest, object, found);
  const { existedBefore, note: taken } = existedBeforeOf(compared.live, context);
  const hidden = seals.length > 0 && context.unseal === undefined ? hiddenNote(naming) : undefined;
  const left = await keptOf(context, object, compared);
  const old = await oldVersionNote(context, object);
  const notes = [
    compared.note ?? hidden,
    // That it existed goes without saying of what is adopted.
    compared.note === ADOPTED ? undefined : taken,
    left.note,
    old,
    goneNote(context, object, compared),
    replicasNote(compared.live, context.replicas.get(keyOf(object)), fieldManager(context.request.identity)),
  ].filter(note => note !== undefined);
  const before = versionBefore(context, object);
  return {
    ...base,
    ...compared,
    // The content of a store may have changed without a change of the manifest.
    ...(base.sealed ? {} : { fields: [...withDrift(context, object, compared), ...left.fields] }),
    ...(before === undefined ? {} : { before, fields: diffVersions(before, compared.answer ?? object) }),
    ...(existedBefore ? { existedBefore } : {}),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

/** What applying an object would do whose live one, if it was not read before, may be being deleted. */
async function compareLiving(
  context: CompareContext,
  object: KubernetesObject,
  known: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const seals = context.seals.get(keyOf(object)) ?? [];
  const compared = await compareKnown(context, object, seals, known, problems);
  return afterDeletion(compared.live) ?? compared;
}

/** What others added to an object of the formation, which stays. */
async function keptOf(
  context: CompareContext,
  object: KubernetesObject,
  { action, live }: Compared,
): Promise<LeftByOthers> {
  if (live === undefined || isJob(object) || (action !== 'change' && action !== 'unchanged'))
    return { fields: [], note: undefined };
  return await leftByOthers(context, object, live, bodyOf(object, context.set, stampOf(live)));
}

/** The fields that change, with those marked that someone changed in the cluster. */
function withDrift(
  context: CompareContext,
  object: KubernetesObject,
  { fields = [], live }: Compared,
): readonly FieldChange[] {
  const { applied, set, request } = context;
  const before = applied.get(keyOf(object));
  if (before === undefined || fields.length === 0) return fields;
  const body = (manifest: KubernetesObject) => storedBody(context, bodyOf(manifest, set, stampOf(live)));
  const states = { before: body(before), now: body(object) };
  return markDrift(fields, live, states, fieldManager(request.identity));
}

function isReadable({ resources, missing }: CompareContext, object: KubernetesObject): boolean {
  const resource = resources.get(resourceKey(object));
  return resource === undefined || mayRead(missing, resource, referenceTo(object).namespace);
}

function unreadNote(hidden: string | undefined): string {
  const unread = 'not compared: the credentials may not read it';
  return hidden === undefined ? unread : `${hidden}; ${unread}`;
}

/** A note for an object of the last release that no longer exists in the cluster. */
function goneNote(
  { previous, recorded }: CompareContext,
  object: KubernetesObject,
  { action }: Compared,
): string | undefined {
  if (action !== 'create' || previous?.verdict !== 'succeeded') return undefined;
  return recorded.uidOf.get(keyOf(object)) === undefined ? undefined : 'it was deleted from the cluster';
}

/** Why an object cannot be tried out before other objects of the release exist; undefined if it can. */
async function comesWithRelease(
  { client, resources, down, definitions, namespaces }: CompareContext,
  object: KubernetesObject,
): Promise<string | undefined> {
  const { namespace } = object.metadata;
  if (!resources.has(resourceKey(object))) {
    if (definitionOf(object, definitions) !== undefined)
      return 'not tried out: its kind comes with the release';
    throw kindUnknown(object, down.get(resourceKey(object)));
  }
  if (!namespaces.has(String(namespace))) return undefined;
  const live = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: String(namespace) });
  const isComing = live === undefined || isTerminating(live);
  return isComing ? 'not tried out: its namespace comes with the release' : undefined;
}

function kindUnknown(object: KubernetesObject, down: SlipwayError | undefined): SlipwayError {
  const [problem] = down?.problems ?? [];
  if (problem !== undefined)
    return new SlipwayError({
      ...problem,
      message: `${describeObject(referenceTo(object))}: ${problem.message}`,
    });
  return new SlipwayError({
    code: 'cluster-unknown-kind',
    message: `${describeObject(referenceTo(object))}: the cluster does not serve ${quote(object.kind)} of ${quote(object.apiVersion)}`,
    remedy: 'install its CustomResourceDefinition or correct the apiVersion',
  });
}
