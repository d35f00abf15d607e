import { type Problem, type Seal, SlipwayError } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { resourceKey } from '../cluster/live.ts';
import { versionBefore } from '../content/version-before.ts';
import { fieldManager } from '../names.ts';
import { isAdoptable, withOwnershipMoved } from '../objects/adoption.ts';
import { withLiveReplicas, withReplicasOf } from '../objects/autoscaling.ts';
import { bodyOf, stampOf, unsealed } from '../objects/body.ts';
import { diffFields } from '../objects/diff.ts';
import { mergeApplied } from '../objects/local-merge.ts';
import { ownedFields } from '../objects/managed-fields.ts';
import { isUnchanged } from '../objects/unchanged.ts';
import { collectForeign, foreignOwner, foreignProblem } from '../refusals/owners.ts';
import { canTryOut } from '../refusals/rights.ts';
import type { ReleaseRequest } from '../request.ts';
import { compareMerged, conflictProblems } from './compare-merged.ts';
import type { CompareContext, Compared } from './compared.ts';
import { isImmutable, mayReplace, replacementNotAllowed } from './replacement.ts';

/** What applying an object would do: nothing if field ownership proves it, otherwise what the server's dry run answers. */
export async function compareKnown(
  context: CompareContext,
  object: KubernetesObject,
  seals: readonly Seal[],
  member: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const { request } = context;
  const manager = fieldManager(request.identity);
  const body = (live: KubernetesObject | undefined): KubernetesObject =>
    bodyOf(
      withLiveReplicas(
        unsealed(object, seals, live ?? versionBefore(context, object), context.unseal),
        live === undefined || !request.adopt ? live : withOwnershipMoved(live, manager),
        context.targets,
        manager,
      ),
      context.set,
      stampOf(live),
    );
  const isKept = member !== undefined && !(request.adopt && isAdoptable(member, manager));
  if (isKept && isUnchanged(body(member), member, manager))
    return { action: 'unchanged', live: member, answer: member };
  if (!mayTryOut(context, object)) return await compareMerged(context, object, body, member, problems);
  // A conflict with the owner to be replaced must not end the comparison, so the live object is read first.
  const stranger =
    member === undefined && request.adopt ? await context.client.get(referenceTo(object)) : member;
  return await tryOut(context, object, body, { member, stranger }, problems).catch((error: unknown) =>
    explainRefusal(context, object, error),
  );
}

interface Known {
  /** The live object, if it has the set's label. */
  readonly member: KubernetesObject | undefined;
  /** The live object, if it was read. */
  readonly stranger: KubernetesObject | undefined;
}

async function tryOut(
  context: CompareContext,
  object: KubernetesObject,
  body: (live: KubernetesObject | undefined) => KubernetesObject,
  { member, stranger }: Known,
  problems: Problem[],
): Promise<Compared> {
  const { request, set } = context;
  const manager = fieldManager(request.identity);
  const first = await dryRun(context, body(stranger), stranger);
  if (first.created) return { action: 'create', answer: first.object };
  const live = await asAnswered(context, stranger, first.object);
  if (live === undefined) return { action: 'create', answer: first.object };
  collectForeign(live, set, request, problems);
  // An object that was not a member may have replicas or a stamp that the first dry run did not know of.
  const tried = stranger === undefined ? (await dryRun(context, body(live), live)).object : first.object;
  if (request.adopt && isAdoptable(live, manager))
    return compareAdopted(context, object, body(live), { live, tried }, problems);
  const changes = diffFields(live, tried);
  const unchanged = changes.length === 0 && member !== undefined && !ownsMore(live, tried, manager);
  return { action: unchanged ? 'unchanged' : 'change', live, answer: tried, fields: changes };
}

/** What an adopted object becomes: the dry run does not know that its old owner's other fields will be removed. */
function compareAdopted(
  { request }: CompareContext,
  object: KubernetesObject,
  body: KubernetesObject,
  { live, tried }: { readonly live: KubernetesObject; readonly tried: KubernetesObject },
  problems: Problem[],
): Compared {
  const manager = fieldManager(request.identity);
  const { conflicts } = mergeApplied(body, withOwnershipMoved(live, manager), manager);
  if (!request.forceConflicts) problems.push(...conflictProblems(object, conflicts));
  const { object: answer } = mergeApplied(body, withOwnershipMoved(tried, manager), manager);
  const fields = diffFields(live, answer);
  return { action: 'change', live, answer, fields, note: 'adopted, with its fields', adopted: true };
}

/** Whether the credentials have the rights for a dry run of the object. */
export function mayTryOut({ resources, missing }: CompareContext, object: KubernetesObject): boolean {
  const resource = resources.get(resourceKey(object));
  const { namespace } = referenceTo(object);
  return resource !== undefined && canTryOut(missing, resource, namespace);
}

export function dryRun(
  { client, request }: CompareContext,
  body: KubernetesObject,
  live: KubernetesObject | undefined,
) {
  const options = applyOptions(request);
  const isMoving = request.adopt && live !== undefined && isAdoptable(live, options.fieldManager);
  // Fields that will have been moved are not conflicts; `compareAdopted` looks for others.
  return client.apply(body, { ...options, force: options.force || isMoving, dryRun: true });
}

/** The live object that the answer is based on: controllers may have written it since it was read. */
async function asAnswered(
  { client }: CompareContext,
  known: KubernetesObject | undefined,
  answer: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const isCurrent = known?.metadata['resourceVersion'] === answer.metadata['resourceVersion'];
  return isCurrent ? known : await client.get(referenceTo(answer));
}

/** Explains a refusal: a conflict in another owner's object concerns the whole object, and immutable fields need a replacement. */
async function explainRefusal(
  { client, request, set, targets }: CompareContext,
  object: KubernetesObject,
  error: unknown,
): Promise<Compared> {
  const isConflict = error instanceof SlipwayError && error.code === 'cluster-field-conflict';
  if (!isConflict && !isImmutable(error)) throw error;
  const live = await client.get(referenceTo(object));
  if (live === undefined) throw error;
  const owner = foreignOwner(live, set);
  if (owner !== undefined && !request.adopt) throw new SlipwayError(foreignProblem(live, owner));
  if (!isImmutable(error)) throw error;
  if (!mayReplace(object)) throw replacementNotAllowed(error);
  const { object: merged } = mergeApplied(
    bodyOf(withReplicasOf(object, live, targets), set, stampOf(live)),
    live,
    fieldManager(request.identity),
  );
  const note = 'deleted and created again, since immutable fields change; not tried out';
  return { action: 'replace', live, fields: diffFields(live, merged), note };
}

/** Fields of other managers are taken over only if the request says so. */
export function applyOptions({ identity, forceConflicts }: ReleaseRequest): {
  readonly fieldManager: string;
  readonly force: boolean;
} {
  return { fieldManager: fieldManager(identity), force: forceConflicts };
}

/** Whether applying would only give up fields that another manager keeps. */
function ownsMore(live: KubernetesObject, answer: KubernetesObject, manager: string): boolean {
  const before = ownedFields(live, manager);
  return JSON.stringify(before) !== JSON.stringify(ownedFields(answer, manager));
}
