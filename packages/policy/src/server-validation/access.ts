import { type JsonObject, type Path, valueAt } from '@slipway/core';
import {
  type KubernetesObject,
  kindKey,
  objectAt,
  objectsAt,
  pathSegmentProblems,
  textAt,
} from '@slipway/kubernetes';
import { namedBy, problemsOf, within } from './metadata.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';

const GROUP = 'rbac.authorization.k8s.io';
const BINDINGS: ReadonlySet<string> = new Set([`RoleBinding.${GROUP}`, `ClusterRoleBinding.${GROUP}`]);
const ROLES: ReadonlySet<string> = new Set([`Role.${GROUP}`, `ClusterRole.${GROUP}`]);

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/rbac/validation/validation.go */
export function validateAccess(object: KubernetesObject): Refusal[] {
  const kind = kindKey(object);
  if (ROLES.has(kind))
    return objectsAt(object, 'rules').flatMap((rule, index) =>
      validateRule(rule, ['rules', index], object.kind),
    );
  if (!BINDINGS.has(kind)) return [];
  return [
    ...roleRef(objectAt(object, 'roleRef') ?? {}, object.kind),
    ...objectsAt(object, 'subjects').flatMap((subject, index) =>
      validateSubject(subject, ['subjects', index], object.kind),
    ),
  ];
}

function hasItems(rule: JsonObject, field: string): boolean {
  const list = valueAt(rule, [field]);
  return Array.isArray(list) && list.length > 0;
}

function validateRule(rule: JsonObject, path: Path, kind: string): Refusal[] {
  const urls = [...path, 'nonResourceURLs'];
  const verbs = hasItems(rule, 'verbs') ? [] : [missing([...path, 'verbs'])];
  if (!hasItems(rule, 'nonResourceURLs'))
    return [
      ...verbs,
      ...['apiGroups', 'resources']
        .filter(field => !hasItems(rule, field))
        .map(field => missing([...path, field])),
    ];
  const other = ['apiGroups', 'resources', 'resourceNames'].find(field => hasItems(rule, field));
  return [
    ...verbs,
    ...(kind === 'Role' ? [invalid(urls, 'must not be set in a Role')] : []),
    ...(other === undefined
      ? []
      : [conflicting(urls, `must not be set beside "${other}"`, [...path, other])]),
  ];
}

function roleRef(ref: JsonObject, kind: string): Refusal[] {
  const kinds = kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const isOther = (field: string, values: readonly string[]): boolean =>
    textAt(ref, field) !== undefined && !values.includes(String(ref[field]));
  return [
    ...(isOther('apiGroup', [GROUP, '']) ? [invalid(['roleRef', 'apiGroup'], `must be ${GROUP}`)] : []),
    ...(isOther('kind', kinds) ? [invalid(['roleRef', 'kind'], `must be ${kinds.join(' or ')}`)] : []),
    ...(ref['name'] === '' ? [missing(['roleRef', 'name'])] : []),
    ...problemsOf(pathSegmentProblems(textAt(ref, 'name') ?? ''), ['roleRef', 'name']),
  ];
}

function validateSubject(subject: JsonObject, path: Path, binding: string): Refusal[] {
  const kind = textAt(subject, 'kind') ?? '';
  const group = textAt(subject, 'apiGroup') ?? '';
  if (!['ServiceAccount', 'User', 'Group'].includes(kind))
    return [invalid([...path, 'kind'], 'must be ServiceAccount, User or Group')];
  const isAccount = kind === 'ServiceAccount';
  return [
    ...(isAccount && binding === 'ClusterRoleBinding' && !textAt(subject, 'namespace')
      ? [missing([...path, 'namespace'])]
      : []),
    ...(isAccount ? namedBy(subject, ['name'], 'dns1123Subdomain').map(within(path)) : []),
    // A group that is not written is the right one for the kind.
    ...(group !== '' && (isAccount || group !== GROUP)
      ? [
          invalid(
            [...path, 'apiGroup'],
            isAccount ? 'must not be set for a ServiceAccount' : `must be ${GROUP}`,
          ),
        ]
      : []),
  ];
}
