import { randomUUID } from 'node:crypto';
import { type Problem, type Seal, SlipwayError } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { resourceKey } from '../cluster/live.ts';
import { versionBefore } from '../content/version-before.ts';
import { fieldManager } from '../names.ts';
import { withOwnershipMoved } from '../objects/adoption.ts';
import { withLiveReplicas, withReplicasOf } from '../objects/autoscaling.ts';
import { bodyOf, stampOf, unsealed } from '../objects/body.ts';
import { obstaclesTo, withClaims } from '../objects/claims.ts';
import { diffFields } from '../objects/diff.ts';
import { mergeApplied } from '../objects/local-merge.ts';
import { ownedFields } from '../objects/managed-fields.ts';
import { isUnchanged } from '../objects/unchanged.ts';
import { collectForeign, foreignOwner, foreignProblem, isForeign } from '../refusals/owners.ts';
import { canTryOut } from '../refusals/rights.ts';
import type { ReleaseRequest } from '../request.ts';
import { compareClaimed } from './compare-claimed.ts';
import { compareMerged, conflictProblems } from './compare-merged.ts';
import { type CompareContext, type Compared, oursOf, storedBody } from './compared.ts';
import { isImmutable, isInvalid, mayReplace, replacementNotAllowed } from './replacement.ts';

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
        context.replicas,
        manager,
      ),
      context.set,
      stampOf(live),
    );
  const isKept = member !== undefined && withClaims(member, body(member), manager, context) === member;
  if (isKept && isUnchanged(body(member), member, manager))
    return { action: 'unchanged', live: member, answer: member };
  if (!mayTryOut(context, object)) return await compareMerged(context, object, body, member, problems);
  // A conflict with the owner to be replaced must not end the comparison, so the live object is read first.
  const stranger =
    member === undefined && request.adopt ? await context.client.get(referenceTo(object)) : member;
  const compared = await tryOut(context, object, body, { member, stranger }, problems).catch(
    (error: unknown) => explainRefusal(context, object, body, error),
  );
  const isTaken = request.adopt && compared.live !== undefined && compared.action === 'change';
  return isTaken && (member === undefined || compared.note !== undefined)
    ? { ...compared, adopted: true }
    : compared;
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
  const { request } = context;
  const ours = oursOf(context);
  const { manager } = ours;
  const owned = stranger && withClaims(stranger, body(stranger), manager, context);
  if (stranger !== undefined && owned !== undefined && owned !== stranger)
    return await compareClaimed(context, object, body(stranger), { live: stranger, owned }, problems);
  const first = await dryRun(context, body(stranger));
  if (first.created) return { action: 'create', answer: first.object };
  const live = await asAnswered(context, stranger, first.object);
  if (live === undefined) return { action: 'create', answer: first.object };
  collectForeign(live, ours, request, problems);
  // An object that was not a member may have replicas or a stamp that the first dry run did not know of.
  const tried = stranger === undefined ? (await dryRun(context, body(live))).object : first.object;
  const changes = diffFields(live, tried);
  const unchanged = changes.length === 0 && member !== undefined && !ownsMore(live, tried, manager);
  return { action: unchanged ? 'unchanged' : 'change', live, answer: tried, fields: changes };
}

/** Whether the credentials have the rights for a dry run of the object. */
export function mayTryOut({ resources, missing }: CompareContext, object: KubernetesObject): boolean {
  const resource = resources.get(resourceKey(object));
  const { namespace } = referenceTo(object);
  return resource !== undefined && canTryOut(missing, resource, namespace);
}

export function dryRun({ client, request }: CompareContext, body: KubernetesObject) {
  return client.apply(body, { ...applyOptions(request), dryRun: true });
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

/**
 * Explains a refusal: a conflict in another owner's object concerns the whole object, what others put in the way is named with them,
 * and what cannot be changed needs a replacement.
 */
async function explainRefusal(
  context: CompareContext,
  object: KubernetesObject,
  body: (live: KubernetesObject | undefined) => KubernetesObject,
  error: unknown,
): Promise<Compared> {
  const { client, request } = context;
  const isConflict = error instanceof SlipwayError && error.code === 'cluster-field-conflict';
  if (!isConflict && !isInvalid(error)) throw error;
  const live = await client.get(referenceTo(object));
  if (live === undefined) throw error;
  const ours = oursOf(context);
  const owner = foreignOwner(live, ours);
  if (owner !== undefined && isForeign(live, ours, request))
    throw new SlipwayError(foreignProblem(live, owner));
  if (isConflict) throw error;
  const obstacles = obstaclesTo(body(live), live, ours.manager);
  const [problem] = request.forceConflicts ? [] : conflictProblems(object, obstacles);
  if (problem !== undefined) throw new SlipwayError(problem, { cause: error });
  return await replacement(context, object, live, error);
}

async function replacement(
  context: CompareContext,
  object: KubernetesObject,
  live: KubernetesObject,
  error: SlipwayError,
): Promise<Compared> {
  const { request, set, replicas } = context;
  const body = bodyOf(withReplicasOf(object, live, replicas), set, stampOf(live));
  if (!isImmutable(error) && !(await isTakenAsNew(context, body))) throw error;
  if (!mayReplace(object)) throw replacementNotAllowed(error, object);
  const { object: merged } = mergeApplied(storedBody(context, body), live, fieldManager(request.identity));
  const note = 'deleted and created again, since immutable fields change; not tried out';
  return { action: 'replace', live, fields: diffFields(live, merged), note };
}

/** Whether the server refuses a change of the object, and would take the same manifest as a new object. */
async function isTakenAsNew(context: CompareContext, body: KubernetesObject): Promise<boolean> {
  const name = `slipway-try-${randomUUID().slice(0, 8)}`;
  return await dryRun(context, { ...body, metadata: { ...body.metadata, name } }).then(
    () => true,
    () => false,
  );
}

/** Fields of other managers are taken over only if the request says so. */
export function applyOptions({
  identity,
  forceConflicts,
}: Pick<ReleaseRequest, 'identity' | 'forceConflicts'>): {
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
