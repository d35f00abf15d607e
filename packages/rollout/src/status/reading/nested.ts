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
  const isAskedFor = askedFor(object, list);
  const named = items.map((item, index) => ({ item, path: `status.${list}[${nameOf(item, list, index)}]` }));
  return [
    ...missing(object, list, items),
    ...named.filter(({ item }) => isAskedFor(item)).flatMap(({ item, path }) => readItem(object, item, path)),
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
  if (list === 'parents') {
    const answered = new Set(items.map(item => parentKey(object, objectAt(item, 'parentRef') ?? {})));
    return parentRefs(object)
      .filter(wanted => !answered.has(parentKey(object, wanted)))
      .map(wanted =>
        waits('status.parents', `status.parents has no answer of ${describeParent(wanted)} yet`),
      );
  }
  if (list !== 'listeners') return [];
  const reported = new Set(items.map(item => textAt(item, 'name')));
  return listenerNames(object)
    .filter(name => !reported.has(name))
    .map(name =>
      waits('status.listeners', `status.listeners does not have ${oneLine(name, LONGEST_WORD)} yet`),
    );
}

/** The items that are about what the object still asks for. */
function askedFor(object: KubernetesObject, list: List): (item: JsonObject) => boolean {
  if (list === 'parents') {
    const wanted = new Set(parentRefs(object).map(reference => parentKey(object, reference)));
    return ({ parentRef }) =>
      wanted.size === 0 || !isJsonObject(parentRef) || wanted.has(parentKey(object, parentRef));
  }
  const names = new Set(list === 'listeners' ? listenerNames(object) : []);
  return item => names.size === 0 || names.has(textAt(item, 'name') ?? '');
}

function parentRefs(object: KubernetesObject): readonly JsonObject[] {
  return objectsAt(object, 'spec', 'parentRefs');
}

function listenerNames(object: KubernetesObject): readonly string[] {
  return objectsAt(object, 'spec', 'listeners').flatMap(listener => textAt(listener, 'name') ?? []);
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
