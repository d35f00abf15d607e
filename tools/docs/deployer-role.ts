import {
  DEPLOYER,
  DEPLOYER_RIGHTS,
  type RoleRule,
  SPAWNED,
  SPAWNED_RIGHTS,
  STEPS,
  STEPS_RIGHTS,
} from '@slipway/kubernetes';

/** examples/roles/deployer.yaml, which people read and apply by hand: the rights that deploy and `slipway setup` know, with their reasons. */
export function deployerRoleFile(): string {
  const begin = `# What deploy and verify-rollout need in the destination's namespace: to apply, roll back, verify, prune and destroy. Remove kinds that
# your stencils do not have, and add those of your custom resources.`;
  return roleFile(begin, { role: DEPLOYER, namespace: 'shop', user: 'deployer' }, DEPLOYER_RIGHTS);
}

/** examples/roles/steps.yaml: what is added to them where a formation has a strategy. */
export function stepsRoleFile(): string {
  const begin = `# What releases in steps need beyond deployer.yaml (docs/progress.md); \`slipway setup\` grants both in one Role.`;
  return roleFile(begin, { role: STEPS, namespace: 'shop', user: 'deployer' }, STEPS_RIGHTS);
}

/** examples/roles/spawned.yaml: the same for the namespace that instances of a spawned formation share. */
export function spawnedRoleFile(): string {
  const begin = `# What deploy with \`spawn\`, \`mode: sweep\` and verify-rollout need in the namespace that instances of a spawned formation share. Remove kinds
# that your stencils do not have, and add those of your custom resources; never the right to write NetworkPolicies, quotas or limits.`;
  return roleFile(begin, { role: SPAWNED, namespace: 'shop-previews', user: 'spawner' }, SPAWNED_RIGHTS);
}

interface Named {
  readonly role: string;
  readonly namespace: string;
  readonly user: string;
}

function roleFile(begin: string, { role, namespace, user }: Named, rights: typeof DEPLOYER_RIGHTS): string {
  const rules = rights.flatMap(({ why, rules }) => [`  # ${why}`, ...rules.flatMap(ruleLines)]);
  return `${begin}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: ${role}, namespace: ${namespace} }
rules:
${rules.join('\n')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: ${role}, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${role} }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: ${user} }]
`;
}

function ruleLines({ apiGroups: [group = ''], resources, verbs }: RoleRule): string[] {
  return [
    `  - apiGroups: [${group === '' ? '""' : group}]`,
    `    resources: [${resources.join(', ')}]`,
    `    verbs: [${verbs.join(', ')}]`,
  ];
}
