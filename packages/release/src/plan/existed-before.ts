import { quote, textMap } from '@slipway/core';
import { type KubernetesObject, PART_OF, uidIfAny } from '@slipway/kubernetes';
import { fieldManager } from '../names.ts';
import { creatorsOf } from '../objects/adoption.ts';
import { isForeign, markedOwner } from '../refusals/owners.ts';
import type { CompareContext } from './compared.ts';

/**
 * Whether someone else created a live object that no tool owns. It may contain what the manifest does not, so it is not deleted when
 * it leaves the formation, unless `adopt` was set. The first release that finds it gets a note.
 */
export function existedBeforeOf(
  live: KubernetesObject | undefined,
  { request, set, recorded }: Pick<CompareContext, 'request' | 'set' | 'recorded'>,
): { readonly existedBefore: boolean; readonly note?: string } {
  if (live === undefined) return { existedBefore: false };
  const { adopt } = request;
  const known = recorded.byUid.get(uidIfAny(live) ?? '');
  if (known !== undefined) return { existedBefore: !adopt && known.existedBefore === true };
  if (textMap(live.metadata['labels'] ?? null)[PART_OF] === set) return { existedBefore: false };
  const ours = { set, manager: fieldManager(request.identity) };
  if (markedOwner(live, set) !== undefined || isForeign(live, ours, request)) return { existedBefore: false };
  const fate = adopt
    ? 'adopted'
    : 'it is not deleted when it leaves the formation, unless adopt takes it over';
  return { existedBefore: !adopt, note: `already exists, created by ${creatorOf(live)}; ${fate}` };
}

function creatorOf(live: KubernetesObject): string {
  const creators = creatorsOf(live);
  return creators.length === 0 ? 'someone' : creators.map(quote).join(' or ');
}
