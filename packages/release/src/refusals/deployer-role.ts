import { defined, type JsonObject } from '@slipway/core';
import { DEPLOYER, DEPLOYER_RULES, grants, type KubernetesObject, rule } from '@slipway/kubernetes';
import { type ComparedRights, groups, type Right } from './rights.ts';

/** Everyone who is authenticated may ask these about themselves: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles */
const OF_EVERYONE = ['authentication.k8s.io', 'authorization.k8s.io'];

/**
 * The Roles and ClusterRoles that would grant what is missing, ready to be applied. Applying a Role replaces all of its rules, so each
 * also has what the shipped Role of that name grants and what the credentials may do already.
 * @param home the namespace of the release
 */
export function rolesFor(
  missing: readonly Right[],
  { needed, rules }: Pick<ComparedRights, 'needed' | 'rules'>,
  home: string,
): KubernetesObject[] {
  const byNamespace = Map.groupBy(missing, ({ namespace }) => namespace);
  return [...byNamespace].map(([namespace, rights]) => {
    const shipped = namespace === home ? DEPLOYER_RULES : [];
    const own = namespace === undefined ? needed.filter(right => right.namespace === undefined) : rights;
    const granted = namespace === undefined ? [] : (rules.get(namespace) ?? []);
    return {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: namespace === undefined ? 'ClusterRole' : 'Role',
      metadata: { name: DEPLOYER, ...defined({ namespace }) },
      rules: withRights(withGranted(shipped, granted), own),
    };
  });
}

function withGranted(rules: readonly JsonObject[], granted: readonly JsonObject[]): readonly JsonObject[] {
  const known = [...rules];
  for (const more of granted) {
    const isOfEveryone = OF_EVERYONE.some(group => texts(more['apiGroups']).includes(group));
    if (!isOfEveryone && !rightsOf(more).every(right => isGranted(known, right))) known.push(more);
  }
  return known;
}

function withRights(rules: readonly JsonObject[], rights: readonly Right[]): JsonObject[] {
  const missing = groups(rights.filter(right => !isGranted(rules, right)));
  return [...rules, ...missing.map(({ group, resource, verbs }) => rule(group, [resource], verbs))];
}

function isGranted(rules: readonly JsonObject[], right: Pick<Right, 'group' | 'resource' | 'verb'>): boolean {
  return rules.some(known => grants(known, right));
}

function rightsOf({ apiGroups, resources, verbs }: JsonObject): Pick<Right, 'group' | 'resource' | 'verb'>[] {
  return texts(apiGroups).flatMap(group =>
    texts(resources).flatMap(resource => texts(verbs).map(verb => ({ group, resource, verb }))),
  );
}

function texts(value: JsonObject[string] | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
