import { canonicalJson, type JsonObject, type JsonValue } from '@slipway/core';
import { type KubernetesObject, objectAt, objectsAt } from '@slipway/kubernetes';

/** Whether a role has every rule that it had, so that no one who has it loses a right. */
export function roleOnlyGains(before: KubernetesObject, after: KubernetesObject): boolean {
  const rules = objectsAt(after, 'rules');
  const isAggregated = [before, after].some(role => objectAt(role, 'aggregationRule') !== undefined);
  return (
    !isAggregated && objectsAt(before, 'rules').every(rule => rules.some(other => includes(other, rule)))
  );
}

/** Whether a binding gives the same role to everyone who had it. */
export function bindingOnlyGains(before: KubernetesObject, after: KubernetesObject): boolean {
  const subjects = new Set(objectsAt(after, 'subjects').map(canonicalJson));
  return (
    canonicalJson(before['roleRef'] ?? null) === canonicalJson(after['roleRef'] ?? null) &&
    objectsAt(before, 'subjects').every(subject => subjects.has(canonicalJson(subject)))
  );
}

const LISTS = ['apiGroups', 'resources', 'verbs', 'nonResourceURLs'];

/** Whether a rule grants all that another one does. Names of resources narrow a rule: without any, it is for all of them. */
function includes(rule: JsonObject, other: JsonObject): boolean {
  return LISTS.every(list => isWithin(texts(other[list]), texts(rule[list]))) && namesInclude(rule, other);
}

function namesInclude({ resourceNames: of }: JsonObject, { resourceNames: wanted }: JsonObject): boolean {
  const names = texts(of);
  if (names.length === 0) return true;
  const asked = texts(wanted);
  return asked.length > 0 && isWithin(asked, names);
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  return part.every(text => whole.includes(text));
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter(text => typeof text === 'string') : [];
}
