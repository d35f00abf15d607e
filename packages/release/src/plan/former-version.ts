import { isJsonObject, type Problem, valueAt } from '@slipway/core';
import { apiGroup, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { definitionOf } from '../objects/scope.ts';
import { collectForeign } from '../refusals/owners.ts';
import { type CompareContext, oursOf, type PreparedObject } from './compared.ts';
import { existedBeforeOf } from './existed-before.ts';

/**
 * Whose a custom resource is whose version comes with the release: in another version it may exist already, and belong to someone
 * else. Nothing can be tried out in a version that is not served yet.
 */
export async function ownedInFormerVersion(
  context: CompareContext,
  object: KubernetesObject,
  problems: Problem[],
): Promise<Pick<PreparedObject, 'existedBefore'>> {
  const live = await readFormer(context, object);
  if (live === undefined) return {};
  collectForeign(live, oursOf(context), context.request, problems);
  return existedBeforeOf(live, context).existedBefore ? { existedBefore: true } : {};
}

async function readFormer(
  { client, definitions }: CompareContext,
  object: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const versions = valueAt(definitionOf(object, definitions) ?? {}, ['spec', 'versions']);
  const names = (Array.isArray(versions) ? versions : [])
    .filter(isJsonObject)
    .map(({ name }) => String(name));
  for (const name of names) {
    const apiVersion = `${apiGroup(object.apiVersion)}/${name}`;
    if (apiVersion === object.apiVersion) continue;
    const reference = { ...referenceTo(object), apiVersion };
    const live = await unlessForbidden(unlessUnknown(client.get(reference)));
    if (live !== undefined) return live;
  }
  return undefined;
}
