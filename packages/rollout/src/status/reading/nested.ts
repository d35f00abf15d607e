import { isJsonObject, type JsonObject } from '@slipway/core';
import { generationOf, type KubernetesObject, objectAt, objectsAt, textAt } from '@slipway/kubernetes';
import { oneLine } from '../../text.ts';
import { conditionsOf, LONGEST_WORD } from '../conditions.ts';
import { readConditions } from './conditions.ts';
import type { Statement } from './statement.ts';
import { endsByItself } from './words.ts';

/**
 * Lists of which each item has conditions of its own: the parents of a route, the ancestors of a policy, the listeners of a Gateway
 * (https://gateway-api.sigs.k8s.io/reference/spec/) and the ingress controllers of an OpenShift Route.
 */
const LISTS = ['parents', 'ancestors', 'listeners', 'ingress'] as const;
type List = (typeof LISTS)[number];

/** What the items of these lists say; those that are about what the object no longer asks for are left out. */
export function readNested(object: KubernetesObject): readonly Statement[] {
  return LISTS.flatMap(list => readList(object, list));
}

function readList(object: KubernetesObject, list: List): readonly Statement[] {
  const status = objectAt(object, 'status') ?? {};
  const items = objectsAt(status, list);
  if (items.length === 0) return list in status ? unanswered(list) : [];
  if (items.every(item => !('conditions' in item))) return [];
  const named = items.map((item, index) => ({ item, path: `status.${list}[${nameOf(item, list, index)}]` }));
  return [
    ...missing(object, list, items),
    ...named
      .filter(({ item }) => isAskedFor(object, list, item))
      .flatMap(({ item, path }) => readItem(object, item, path)),
  ];
}

function nameOf(item: JsonObject, list: List, index: number): string | number {
  const name = list === 'listeners' ? textAt(item, 'name') : undefined;
  return name === undefined ? index : oneLine(name, LONGEST_WORD);
}

function readItem(object: KubernetesObject, item: JsonObject, path: string): readonly Statement[] {
  const said = readConditions({
    conditions: conditionsOf(item, 'conditions'),
    path: `${path}.conditions`,
    generation: generationOf(object),
    endsByItself: endsByItself(object.kind),
  });
  return said.length > 0 ? said : [waits(path, `${path} has no conditions yet`)];
}

/** An empty list of parents or ancestors: no controller feels responsible yet. */
function unanswered(list: List): readonly Statement[] {
  const path = `status.${list}`;
  return list === 'parents' || list === 'ancestors'
    ? [waits(path, `${path} is empty: no controller has accepted it yet`)]
    : [];
}

function missing(object: KubernetesObject, list: List, items: readonly JsonObject[]): readonly Statement[] {
  if (list === 'parents')
    return parentRefs(object)
      .filter(wanted => !items.some(item => isParent(object, item, wanted)))
      .map(wanted =>
        waits('status.parents', `status.parents has no answer of ${describeParent(wanted)} yet`),
      );
  if (list === 'listeners')
    return listenerNames(object)
      .filter(name => !items.some(item => textAt(item, 'name') === name))
      .map(name =>
        waits('status.listeners', `status.listeners does not have ${oneLine(name, LONGEST_WORD)} yet`),
      );
  return [];
}

function isAskedFor(object: KubernetesObject, list: List, item: JsonObject): boolean {
  const refs = parentRefs(object);
  if (list === 'parents' && refs.length > 0 && isJsonObject(item['parentRef']))
    return refs.some(wanted => isParent(object, item, wanted));
  const names = listenerNames(object);
  return list !== 'listeners' || names.length === 0 || names.includes(textAt(item, 'name') ?? '');
}

function parentRefs(object: KubernetesObject): readonly JsonObject[] {
  return objectsAt(object, 'spec', 'parentRefs');
}

function listenerNames(object: KubernetesObject): readonly string[] {
  return objectsAt(object, 'spec', 'listeners').flatMap(listener => textAt(listener, 'name') ?? []);
}

function isParent(object: KubernetesObject, item: JsonObject, wanted: JsonObject): boolean {
  const found = objectAt(item, 'parentRef') ?? {};
  return parentKey(object, found) === parentKey(object, wanted);
}

function parentKey(object: KubernetesObject, reference: JsonObject): string {
  const own = textAt(object, 'metadata', 'namespace') ?? '';
  return JSON.stringify([
    textAt(reference, 'group') ?? 'gateway.networking.k8s.io',
    textAt(reference, 'kind') ?? 'Gateway',
    textAt(reference, 'namespace') ?? own,
    textAt(reference, 'name') ?? '',
    textAt(reference, 'sectionName') ?? '',
    reference['port'] ?? '',
  ]);
}

function describeParent(reference: JsonObject): string {
  const section = textAt(reference, 'sectionName');
  const name = `${textAt(reference, 'name') ?? ''}${section === undefined ? '' : `/${section}`}`;
  return oneLine(`${textAt(reference, 'kind') ?? 'Gateway'} ${name}`, LONGEST_WORD);
}

function waits(path: string, text: string): Statement {
  return { says: 'waits', path, text, reason: 'NotAnswered', certainAfter: Number.POSITIVE_INFINITY };
}
