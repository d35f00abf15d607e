import type { JsonObject, JsonValue } from '@slipway/core';

/** Something that a rule of a Role may grant. */
export interface GrantedRight {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

/** Whether a rule grants a right to all objects of a resource. */
export function grants(rule: JsonObject, { group, resource, verb }: GrantedRight): boolean {
  const has = (list: JsonValue | undefined, wanted: string): boolean =>
    Array.isArray(list) && (list.includes(wanted) || list.includes('*'));
  const names = rule['resourceNames'];
  return (
    !(Array.isArray(names) && names.length > 0) &&
    has(rule['apiGroups'], group) &&
    has(rule['resources'], resource) &&
    has(rule['verbs'], verb)
  );
}
