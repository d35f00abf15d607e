import { DEPLOYER, DEPLOYER_RIGHTS, type RoleRule } from '@slipway/kubernetes';

/** examples/roles/deployer.yaml, which people read and apply by hand: the rights that deploy and `slipway setup` know, with their reasons. */
export function deployerRoleFile(): string {
  const rules = DEPLOYER_RIGHTS.flatMap(({ why, rules }) => [`  # ${why}`, ...rules.flatMap(ruleLines)]);
  return `# What deploy and verify-rollout need in the destination's namespace: to apply, roll back, verify, prune and destroy. Remove kinds that
# your stencils do not have, and add those of your custom resources.
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: ${DEPLOYER}, namespace: shop }
rules:
${rules.join('\n')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: ${DEPLOYER}, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${DEPLOYER} }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: deployer }]
`;
}

function ruleLines({ apiGroups: [group = ''], resources, verbs }: RoleRule): string[] {
  return [
    `  - apiGroups: [${group === '' ? '""' : group}]`,
    `    resources: [${resources.join(', ')}]`,
    `    verbs: [${verbs.join(', ')}]`,
  ];
}
