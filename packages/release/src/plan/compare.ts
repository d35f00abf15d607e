import { type Problem, quote, SlipwayError } from '@slipway/core';
import { describeObject, type KubernetesObject, keyOf, objectKey, referenceTo } from '@slipway/kubernetes';
import { resourceKey } from '../cluster/live.ts';
import { diffVersions, versionBefore } from '../content/version-before.ts';
import { type FieldChange, markDrift } from '../objects/diff.ts';
import { isJob } from '../objects/kinds.ts';
import { definitionOf } from '../objects/scope.ts';
import { mayRead } from '../refusals/rights.ts';
import type { Naming, ResolvedObject } from '../request.ts';
import { compareJob } from './compare-job.ts';
import type { CompareContext, Compared, PreparedObject } from './compared.ts';
import { compareMaker } from './maker.ts';
import { compareKnown } from './try-out.ts';

/**
 * What applying one object would do. Refusals that leave it comparable are added to `problems`.
 * @throws SlipwayError what the server's dry run refuses
 */
export async function compareObject(
  context: CompareContext,
  { object, at, placeOf, source, naming }: ResolvedObject,
  problems: Problem[],
): Promise<PreparedObject> {
  const seals = context.seals.get(keyOf(object)) ?? [];
  const base = { source, object, at, placeOf, naming, sealed: seals.length > 0, fields: [] as FieldChange[] };
  const untested = await comesWithRelease(context, object);
  if (untested !== undefined) return { ...base, action: 'create', note: untested };
  if (!isReadable(context, object))
    return { ...base, action: 'unchanged', note: unreadNote(base.sealed ? hiddenNote(naming) : undefined) };
  const known =
    context.members.get(keyOf(object)) ??
    (isJob(object) ? await context.client.get(referenceTo(object)) : undefined);
  const compared = isJob(object)
    ? await compareJob(context, object, known, problems)
    : await compareKnown(context, object, seals, known, problems);
  const { existedBefore, note: taken } = compareMaker(compared.live, context);
  const hidden = seals.length > 0 && context.unseal === undefined ? hiddenNote(naming) : undefined;
  const notes = [compared.note ?? hidden, taken, goneNote(context, object, compared)].filter(
    note => note !== undefined,
  );
  const before = versionBefore(context, object);
  return {
    ...base,
    ...compared,
    // What a store holds may have changed without any manifest.
    ...(base.sealed
      ? {}
      : { fields: markDrift(compared.fields ?? [], object, context.applied.get(keyOf(object))) }),
    ...(before === undefined ? {} : { before, fields: diffVersions(before, compared.answer ?? object) }),
    ...(existedBefore ? { existedBefore } : {}),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

function isReadable({ resources, missing }: CompareContext, object: KubernetesObject): boolean {
  const resource = resources.get(resourceKey(object));
  return resource === undefined || mayRead(missing, resource, referenceTo(object).namespace);
}

function unreadNote(hidden: string | undefined): string {
  const unread = 'not compared: the credentials may not read it';
  return hidden === undefined ? unread : `${hidden}; ${unread}`;
}

/** Whether somebody removed what the release before had brought. */
function goneNote(
  { previous }: CompareContext,
  object: KubernetesObject,
  { action }: Compared,
): string | undefined {
  if (action !== 'create' || previous?.verdict !== 'succeeded') return undefined;
  const recorded = previous.objects.find(other => objectKey(other) === keyOf(object));
  return recorded?.uid === undefined ? undefined : 'somebody removed it';
}

/** What a plan says of a Secret that it did not open. */
function hiddenNote(naming: Naming | undefined): string {
  const known = 'content known at deploy';
  if (naming === undefined || naming.fixed !== undefined || naming.users.length === 0) return known;
  return `${known}: the pods of ${naming.users.join(', ')} restart if it changed`;
}

/** Why an object can't be tried out before other objects of the release stand; undefined where it can. */
async function comesWithRelease(
  { client, resources, down, definitions, namespaces }: CompareContext,
  object: KubernetesObject,
): Promise<string | undefined> {
  const { namespace } = object.metadata;
  if (!resources.has(resourceKey(object))) {
    if (definitionOf(object, definitions) !== undefined)
      return 'not tried out: its kind comes with the release';
    throw unknownKind(object, down.get(resourceKey(object)));
  }
  if (!namespaces.has(String(namespace))) return undefined;
  const live = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: String(namespace) });
  return live === undefined ? 'not tried out: its namespace comes with the release' : undefined;
}

function unknownKind(object: KubernetesObject, down: SlipwayError | undefined): SlipwayError {
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
