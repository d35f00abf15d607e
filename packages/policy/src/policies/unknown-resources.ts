import { nearest, type Path, quote } from '@slipway/core';
import { apiGroup } from '@slipway/kubernetes';
import type { ResourceRule } from '../resources/types.ts';
import type { Catalog } from '../schemas/catalog.ts';
import type { KindSchema } from '../schemas/schema.ts';

/** A part of a match rule that no object can have. An API server takes it, and the policy covers less than it says. */
export interface UnknownResource {
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
}

/** Resources, versions and scopes in match rules that Kubernetes does not have in the groups that are named. */
export function unknownResources(
  rules: readonly ResourceRule[] = [],
  path: Path,
  catalog: Catalog,
): UnknownResource[] {
  return rules.flatMap((rule, index) => {
    const { apiGroups = [], resources = [] } = rule;
    if (!apiGroups.every(group => isClosed(group, catalog))) return [];
    return resources.flatMap((resource, position) => {
      const [name = ''] = resource.split('/');
      if (name === '*' || name === '') return [];
      const at = [...path, index];
      const kinds = catalog.kinds.filter(kind => kind.plural === name);
      const named = kinds.filter(kind => apiGroups.includes(apiGroup(kind.apiVersion)));
      return named.length === 0
        ? [absent(name, kinds, apiGroups, [...at, 'resources', position], catalog)]
        : outOfReach(name, named, rule, at, catalog);
    });
  });
}

/** Whether all kinds of a group are known: it is one of Kubernetes' own, or has no dot, as that of a custom resource must. */
function isClosed(group: string, { kinds }: Catalog): boolean {
  if (group === '*') return false;
  return !group.includes('.') || kinds.some(kind => kind.builtIn && apiGroup(kind.apiVersion) === group);
}

function absent(
  name: string,
  elsewhere: readonly KindSchema[],
  groups: readonly string[],
  path: Path,
  { kinds, version }: Catalog,
): UnknownResource {
  const [other] = elsewhere;
  const candidates = kinds.filter(kind => groups.includes(apiGroup(kind.apiVersion)));
  const singular = candidates.find(({ kind }) => kind.toLowerCase() === name.toLowerCase())?.plural;
  const guess = singular ?? nearest(name, new Set(candidates.map(({ plural }) => plural)));
  return {
    path,
    message: `Kubernetes ${version} has no resource ${quote(name)} in ${groups.map(quote).join(' or ')}, so this covers nothing`,
    fix:
      other === undefined
        ? guess === undefined
          ? 'correct apiGroups or resources'
          : `write ${quote(guess)}`
        : `write ${quote(apiGroup(other.apiVersion))} in apiGroups`,
  };
}

function outOfReach(
  name: string,
  kinds: readonly KindSchema[],
  { apiVersions = [], scope }: ResourceRule,
  at: Path,
  { version }: Catalog,
): UnknownResource[] {
  const served = [...new Set(kinds.map(kind => kind.apiVersion.split('/').at(-1) ?? ''))];
  if (!apiVersions.some(wanted => wanted === '*' || served.includes(wanted)))
    return [
      {
        path: [...at, 'apiVersions'],
        message: `Kubernetes ${version} does not serve ${quote(name)} in ${apiVersions.map(quote).join(' or ')}, so this covers none`,
        fix: `write ${served.map(quote).join(' or ')}`,
      },
    ];
  const [wanted, other] = kinds.every(({ namespaced }) => namespaced)
    ? ['Cluster', 'Namespaced']
    : ['Namespaced', 'Cluster'];
  if (scope !== wanted || kinds.some(({ namespaced }) => namespaced !== kinds[0]?.namespaced)) return [];
  return [
    {
      path: [...at, 'scope'],
      message: `${quote(name)} are never of the scope ${quote(wanted)}, so this covers none`,
      fix: `write ${quote(other ?? '')}, or leave scope out`,
    },
  ];
}
