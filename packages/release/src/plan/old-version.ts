import { quote, textMap } from '@slipway/core';
import {
  describeObject,
  isNamedByContent,
  type KubernetesObject,
  PART_OF,
  referenceTo,
} from '@slipway/kubernetes';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { underGivenName } from '../content/given-names.ts';
import { isContentKind } from '../content/naming.ts';
import { deployersOf } from '../objects/adoption.ts';
import { markedOwner } from '../refusals/owners.ts';
import { type CompareContext, oursOf } from './compared.ts';

/**
 * A note on what an adoption leaves: a ConfigMap or Secret that the release has under the name of its content still exists under its
 * own name, and others may use it.
 */
export async function oldVersionNote(
  context: CompareContext,
  object: KubernetesObject,
): Promise<string | undefined> {
  if (!context.request.adopt || !isContentKind(object) || !isNamedByContent(object)) return undefined;
  const given = referenceTo(underGivenName(object));
  const live = await unlessForbidden(context.client.get(given));
  if (live === undefined) return undefined;
  const { set, manager } = oursOf(context);
  if (textMap(live.metadata['labels'] ?? null)[PART_OF] === set) return undefined;
  const owner = markedOwner(live, set) ?? deployersOf(live, manager).map(quote).join(' and ');
  const whose = owner === '' ? '' : ` of ${owner}`;
  return `the old ${describeObject(given)}${whose} stays: delete it once nothing uses it`;
}
