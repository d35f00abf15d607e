import { type JsonObject, type Problem, quote } from '@slipway/core';
import { describeObject, isBuiltIn, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { asStored } from '@slipway/policy';
import { withClaims } from '../objects/claims.ts';
import { diffFields } from '../objects/diff.ts';
import { withDefaultsKept } from '../objects/kept-defaults.ts';
import { describedListTypes, type ListTypeAt } from '../objects/list-types.ts';
import { type MergeConflict, mergeApplied } from '../objects/local-merge.ts';
import { ownsExactly } from '../objects/unchanged.ts';
import { collectForeign, isForeign } from '../refusals/owners.ts';
import { type CompareContext, type Compared, oursOf, storedBody } from './compared.ts';

/** What applying an object would do, computed without a dry run, for credentials that may only read. */
export async function compareMerged(
  context: CompareContext,
  object: KubernetesObject,
  body: (live: KubernetesObject | undefined) => KubernetesObject,
  member: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const { client, request } = context;
  const live = member ?? (await client.get(referenceTo(object)));
  if (live === undefined) return { action: 'create', merged: true };
  const ours = oursOf(context);
  collectForeign(live, ours, request, problems);
  const { manager } = ours;
  const owned = withClaims(live, body(live), manager, context);
  const listTypeAt = await listTypesIn(context, object, owned);
  const { object: merged, conflicts } = mergeApplied(
    storedBody(context, body(live)),
    owned,
    manager,
    listTypeAt,
  );
  // The owner of the whole object has already been named.
  if (!request.forceConflicts && !isForeign(live, ours, request))
    problems.push(...conflictProblems(object, conflicts));
  const answer = withDefaultsKept(live, merged, asStored(merged, client.kubernetesVersion), listTypeAt);
  const fields = diffFields(live, answer);
  const unchanged =
    fields.length === 0 &&
    member !== undefined &&
    owned === live &&
    ownsExactly(body(live), live, manager, listTypeAt);
  return { action: unchanged ? 'unchanged' : 'change', live, answer, fields, merged: true };
}

/** How the lists of an object are merged, as the server describes it. */
export async function listTypesIn(
  context: CompareContext,
  object: KubernetesObject,
  live: KubernetesObject,
): Promise<ListTypeAt> {
  return describedListTypes(await descriptionOf(context, object), object, live);
}

/** What the server says of a custom resource's API version, asked once. */
async function descriptionOf(
  { client, descriptions }: CompareContext,
  { apiVersion }: KubernetesObject,
): Promise<JsonObject | undefined> {
  if (isBuiltIn(apiVersion)) return undefined;
  const asked = descriptions.get(apiVersion) ?? client.openApi(apiVersion);
  descriptions.set(apiVersion, asked);
  return await asked;
}

/** The refusal for fields that other managers own with other values. */
export function conflictProblems(object: KubernetesObject, conflicts: readonly MergeConflict[]): Problem[] {
  if (conflicts.length === 0) return [];
  const fields = conflicts
    .map(({ pointer, manager }) => `${pointer} belongs to ${quote(manager)}`)
    .join(', ');
  const message = `${describeObject(referenceTo(object))}: ${fields}`;
  return [
    { code: 'cluster-field-conflict', message, remedy: 'leave the fields to them, or set force-conflicts' },
  ];
}
