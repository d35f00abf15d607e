import type { ApiResource, ClusterClient } from '@slipway/cluster';
import {
  describeObject,
  type KubernetesObject,
  type PlannedChange,
  type Problem,
  quote,
  type Release,
  referenceTo,
  type Seal,
  SlipwayError,
} from '@slipway/core';
import { underGivenName } from '../content/given-names.ts';
import { isNamedByContent, type NamingContext } from '../content/name-by-content.ts';
import { fieldManager } from '../names.ts';
import { withLiveReplicas } from '../objects/autoscaling.ts';
import { bodyOf, keyOf, stampOf, unsealed } from '../objects/body.ts';
import { diffFields, type FieldChange } from '../objects/diff.ts';
import { jobFate } from '../objects/jobs.ts';
import { isApplied, ownedFields } from '../objects/managed-fields.ts';
import { definitionOf, isDefinition, isJob } from '../objects/normalise.ts';
import { foreignOwner, foreignProblem } from '../refusals/owners.ts';
import type { Naming, PlacedObject, ReleaseObject, ReleaseRequest, Unseal } from '../request.ts';
import { kindKey } from './live.ts';
import { compareMaker } from './maker.ts';

/** One object of a release beside what the cluster has. */
export interface PreparedObject {
  /** As it was given. */
  readonly source: KubernetesObject;
  /** As it is recorded: in its namespace, a Job under its content's name, with stand-ins where secrets go. */
  readonly object: KubernetesObject;
  readonly at?: ReleaseObject['at'];
  readonly action: PlannedChange['action'];
  readonly live?: KubernetesObject | undefined;
  /** The server's own answer to the dry run, or the live object where nothing changes. Absent where neither could be had. */
  readonly answer?: KubernetesObject | undefined;
  readonly fields: readonly FieldChange[];
  readonly note?: string | undefined;
  readonly sealed: boolean;
  /** Whether somebody else made it, and nobody adopted it. */
  readonly existedBefore?: boolean | undefined;
  /** Of a ConfigMap or Secret. */
  readonly naming?: Naming | undefined;
  /** The live version under another name whose place it takes. */
  readonly before?: KubernetesObject | undefined;
}

export interface CompareContext {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  readonly set: string;
  readonly members: ReadonlyMap<string, KubernetesObject>;
  readonly versionOf: NamingContext['versionOf'];
  /** The record of the newest release. */
  readonly previous: Release | undefined;
  /** Jobs that have run, by content. */
  readonly jobs: Readonly<Record<string, string>>;
  readonly unseal: Unseal | undefined;
  readonly resources: ReadonlyMap<string, ApiResource>;
  readonly seals: ReadonlyMap<string, readonly Seal[]>;
  /** Workloads whose replicas an autoscaler sets. */
  readonly targets: ReadonlySet<string>;
  /** All objects of the release: some bring the namespace or the kind of others. */
  readonly brought: readonly KubernetesObject[];
}

/**
 * What applying one object would do. Refusals that leave it comparable are added to `problems`.
 * @throws SlipwayError what the server's dry run refuses
 */
export async function compareObject(
  context: CompareContext,
  { object, at, source, naming }: PlacedObject,
  problems: Problem[],
): Promise<PreparedObject> {
  const seals = context.seals.get(keyOf(object)) ?? [];
  const base = { source, object, at, naming, sealed: seals.length > 0, fields: [] as FieldChange[] };
  const untested = await comesWithRelease(context, object);
  if (untested !== undefined) return { ...base, action: 'create', note: untested };
  const known =
    context.members.get(keyOf(object)) ??
    (isJob(object) ? await context.client.get(referenceTo(object)) : undefined);
  const compared = isJob(object)
    ? await compareJob(context, object, known, problems)
    : await compareKnown(context, object, seals, known, problems);
  const { existedBefore, note: taken } = compareMaker(compared.live, context);
  const hidden = seals.length > 0 && context.unseal === undefined ? hiddenNote(naming) : undefined;
  const notes = [compared.note ?? hidden, taken].filter(note => note !== undefined);
  const before = versionBefore(context, object);
  return {
    ...base,
    ...compared,
    ...(before === undefined ? {} : { before, fields: diffVersions(before, compared.answer ?? object) }),
    ...(existedBefore ? { existedBefore } : {}),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

/** What a plan says of a Secret that it did not open. */
function hiddenNote(naming: Naming | undefined): string {
  const known = 'content known at deploy';
  if (naming === undefined || naming.fixed !== undefined || naming.users.length === 0) return known;
  return `${known}: the pods of ${naming.users.join(', ')} restart if it changed`;
}

/** The version of a content that the release takes the place of, where it is another one. */
function versionBefore(
  { versionOf }: CompareContext,
  object: KubernetesObject,
): KubernetesObject | undefined {
  const version = isNamedByContent(object) ? versionOf(keyOf(underGivenName(object))) : undefined;
  return version?.metadata.name === object.metadata.name ? undefined : version;
}

function diffVersions(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  return diffFields(underGivenName(before), underGivenName(after));
}

type Compared = Pick<PreparedObject, 'action' | 'live' | 'answer' | 'note'> & {
  readonly fields?: FieldChange[];
};

async function compareKnown(
  context: CompareContext,
  object: KubernetesObject,
  seals: readonly Seal[],
  member: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const manager = fieldManager(context.request.identity);
  const body = (live: KubernetesObject | undefined): KubernetesObject =>
    bodyOf(
      withLiveReplicas(
        unsealed(object, seals, live ?? versionBefore(context, object), context.unseal),
        live,
        context.targets,
        manager,
      ),
      context.set,
      stampOf(live),
    );
  const fields = member === undefined ? undefined : ownedFields(member, manager);
  if (member !== undefined && fields !== undefined && isApplied(body(member), member, fields))
    return { action: 'unchanged', live: member, answer: member };
  // A conflict with the owner that is to be replaced must not end the comparison, so that owner is looked at first.
  const stranger =
    member === undefined && context.request.adopt ? await context.client.get(referenceTo(object)) : member;
  const first = await dryRun(context, body(stranger), stranger).catch((error: unknown) =>
    explainConflict(context, object, error),
  );
  if (first.created) return { action: 'create', answer: first.object };
  const live = await asAnswered(context, stranger, first.object);
  if (live === undefined) return { action: 'create', answer: first.object };
  refuseForeign(context, live, problems);
  // What was not a member may have replicas or a stamp that the first dry run could not know of.
  const answer = stranger === undefined ? (await dryRun(context, body(live), live)).object : first.object;
  const changes = diffFields(live, answer);
  const unchanged = changes.length === 0 && member !== undefined && !ownsMore(live, answer, manager);
  return { action: unchanged ? 'unchanged' : 'change', live, answer, fields: changes };
}

function dryRun(
  { client, request, set }: CompareContext,
  body: KubernetesObject,
  live: KubernetesObject | undefined,
) {
  return client.apply(body, { ...applyOptions(request, set, live), dryRun: true });
}

/** The live object that the server answered about: controllers may have written it since it was read. */
async function asAnswered(
  { client }: CompareContext,
  known: KubernetesObject | undefined,
  answer: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const isCurrent = known?.metadata['resourceVersion'] === answer.metadata['resourceVersion'];
  return isCurrent ? known : await client.get(referenceTo(answer));
}

/** A conflict with the fields of another owner's object is about the object, not about the fields. */
async function explainConflict(
  { client, request, set }: CompareContext,
  object: KubernetesObject,
  error: unknown,
): Promise<never> {
  if (!(error instanceof SlipwayError) || error.code !== 'cluster-field-conflict') throw error;
  const live = await client.get(referenceTo(object));
  const owner = live === undefined ? undefined : foreignOwner(live, set);
  if (live === undefined || owner === undefined || request.adopt) throw error;
  throw new SlipwayError(foreignProblem(live, owner));
}

/** Other managers' fields are taken over only where that was asked for. */
export function applyOptions(
  { identity, forceConflicts, adopt }: ReleaseRequest,
  set: string,
  live: KubernetesObject | undefined,
): { readonly fieldManager: string; readonly force: boolean } {
  const adopted = adopt && live !== undefined && foreignOwner(live, set) !== undefined;
  return { fieldManager: fieldManager(identity), force: forceConflicts || adopted };
}

/** Whether applying would only let go of fields that another manager keeps as they are. */
function ownsMore(live: KubernetesObject, answer: KubernetesObject, manager: string): boolean {
  const before = ownedFields(live, manager);
  return JSON.stringify(before) !== JSON.stringify(ownedFields(answer, manager));
}

async function compareJob(
  context: CompareContext,
  job: KubernetesObject,
  live: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const action = jobFate(job, live, context.jobs);
  if (live !== undefined) refuseForeign(context, live, problems);
  switch (action) {
    case 'skip':
      return { action, note: 'has run' };
    case 'unchanged':
      return { action, live, answer: live };
    case 'replace':
      return { action, live, note: 'failed before' };
    case 'create':
      return {
        action,
        answer: (await dryRun(context, bodyOf(job, context.set, stampOf(undefined)), undefined)).object,
      };
  }
}

function refuseForeign(context: CompareContext, live: KubernetesObject, problems: Problem[]): void {
  const owner = foreignOwner(live, context.set);
  if (owner !== undefined && !context.request.adopt) problems.push(foreignProblem(live, owner));
}

/** Why an object can't be tried out before other objects of the release stand; undefined where it can. */
async function comesWithRelease(
  { client, resources, brought }: CompareContext,
  object: KubernetesObject,
): Promise<string | undefined> {
  const { namespace } = object.metadata;
  if (!resources.has(kindKey(object))) {
    if (definitionOf(object, brought.filter(isDefinition)) !== undefined)
      return 'not tried out: its kind comes with the release';
    throw unknownKind(object);
  }
  const bringsNamespace = brought.some(
    ({ apiVersion, kind, metadata }) =>
      apiVersion === 'v1' && kind === 'Namespace' && metadata.name === namespace,
  );
  if (!bringsNamespace) return undefined;
  const live = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: String(namespace) });
  return live === undefined ? 'not tried out: its namespace comes with the release' : undefined;
}

function unknownKind(object: KubernetesObject): SlipwayError {
  return new SlipwayError({
    code: 'cluster-unknown-kind',
    message: `${describeObject(referenceTo(object))}: the cluster does not serve ${quote(object.kind)} of ${quote(object.apiVersion)}`,
    remedy: 'install its CustomResourceDefinition or correct the apiVersion',
  });
}
