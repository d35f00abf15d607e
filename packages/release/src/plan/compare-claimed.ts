import type { Problem } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { fieldManager } from '../names.ts';
import { isAdoptable } from '../objects/adoption.ts';
import { diffFields } from '../objects/diff.ts';
import { mergeApplied } from '../objects/local-merge.ts';
import { mergePatch } from '../objects/merge-patch.ts';
import { collectForeign } from '../refusals/owners.ts';
import { conflictProblems, listTypesIn } from './compare-merged.ts';
import { type CompareContext, type Compared, oursOf } from './compared.ts';

/** The note on an object whose fields are taken over. */
export const ADOPTED = 'adopted, with its fields';

interface Claimed {
  readonly live: KubernetesObject;
  /** The live object with the ownership that it gets before it is applied. */
  readonly owned: KubernetesObject;
}

/**
 * What an object becomes whose fields change their owner first. No dry run of an apply knows of that, so the result is merged here
 * and the server is asked, with a patch, what its defaults make of it and whether it takes it.
 */
export async function compareClaimed(
  context: CompareContext,
  object: KubernetesObject,
  body: KubernetesObject,
  { live, owned }: Claimed,
  problems: Problem[],
): Promise<Compared> {
  const { client, request } = context;
  const manager = fieldManager(request.identity);
  collectForeign(live, oursOf(context), request, problems);
  const listTypeAt = await listTypesIn(context, object, owned);
  const { object: merged, conflicts } = mergeApplied(body, owned, manager, listTypeAt);
  if (!request.forceConflicts) problems.push(...conflictProblems(object, conflicts));
  const answer = await client.patch(referenceTo(object), mergePatch(live, merged), { dryRun: true });
  const fields = diffFields(live, answer);
  const isAdopted = request.adopt && isAdoptable(live, manager);
  const note = isAdopted ? { note: ADOPTED } : {};
  return { action: 'change', live, answer, fields, ...note };
}
