import { type JsonObject, type Problem, quote } from '@slipway/core';
import { describeObject, isBuiltIn, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { fieldManager } from '../names.ts';
import { withOwnershipMoved } from '../objects/adoption.ts';
import { diffFields } from '../objects/diff.ts';
import { describedListTypes } from '../objects/list-types.ts';
import { type MergeConflict, mergeApplied } from '../objects/local-merge.ts';
import { ownsExactly } from '../objects/unchanged.ts';
import { collectForeign, foreignOwner } from '../refusals/owners.ts';
import type { CompareContext, Compared } from './compared.ts';

/** What applying an object would do, computed without a dry run, for credentials that may only read. */
export async function compareMerged(
  context: CompareContext,
  object: KubernetesObject,
  body: (live: KubernetesObject | undefined) => KubernetesObject,
  member: KubernetesObject | undefined,
  problems: Problem[],
): Promise<Compared> {
  const { client, request, set } = context;
  const live = member ?? (await client.get(referenceTo(object)));
  if (live === undefined) return { action: 'create', merged: true };
  collectForeign(live, set, request, problems);
  const manager = fieldManager(request.identity);
  const owned = request.adopt ? withOwnershipMoved(live, manager) : live;
  const listTypeAt = describedListTypes(await descriptionOf(context, object), object, owned);
  const { object: answer, conflicts } = mergeApplied(body(live), owned, manager, listTypeAt);
  // The owner of the whole object has already been named.
  if (!request.forceConflicts && (request.adopt || foreignOwner(live, set) === undefined))
    problems.push(...conflictProblems(object, conflicts));
  const fields = diffFields(live, answer);
  const unchanged =
    fields.length === 0 && member !== undefined && ownsExactly(body(live), live, manager, listTypeAt);
  return { action: unchanged ? 'unchanged' : 'change', live, answer, fields, merged: true };
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
