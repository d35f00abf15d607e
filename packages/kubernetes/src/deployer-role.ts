import type { JsonObject } from '@slipway/core';

/** A rule of a Role. */
export type RoleRule = JsonObject & {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
};

/** The name of the Role, of its binding, and of the ServiceAccount that `slipway setup` makes. */
export const DEPLOYER = 'slipway-deployer';

const WRITE = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
const READ = ['get', 'list', 'watch'];

/**
 * What deploy and verify-rollout need in the namespace of a destination, by what it is for. The Role that deploy prints, the one that
 * `slipway setup` creates and examples/roles/deployer.yaml are made from this.
 */
export const DEPLOYER_RIGHTS: readonly { readonly why: string; readonly rules: readonly RoleRule[] }[] = [
  {
    why: 'What releases are made of.',
    rules: [
      rule('', ['configmaps', 'persistentvolumeclaims', 'secrets', 'serviceaccounts', 'services'], WRITE),
      rule('apps', ['daemonsets', 'deployments', 'statefulsets'], WRITE),
      rule('batch', ['cronjobs', 'jobs'], WRITE),
      rule('autoscaling', ['horizontalpodautoscalers'], WRITE),
      rule('policy', ['poddisruptionbudgets'], WRITE),
      rule('networking.k8s.io', ['ingresses', 'networkpolicies'], WRITE),
    ],
  },
  {
    why: 'Records of releases, the lock, and the hold.',
    rules: [
      rule('', ['secrets'], ['update']),
      rule('coordination.k8s.io', ['leases'], ['get', 'create', 'update', 'delete']),
    ],
  },
  {
    why: 'The state of the release; a rollback deletes stuck pods of StatefulSets.',
    rules: [
      rule('', ['pods'], ['get', 'list', 'watch', 'delete']),
      rule('', ['events', 'pods/log'], READ),
      rule('apps', ['controllerrevisions', 'replicasets'], READ),
      rule('discovery.k8s.io', ['endpointslices'], READ),
    ],
  },
  {
    why: 'For a clear message if the namespace does not exist; policies may use its labels.',
    rules: [rule('', ['namespaces'], ['get'])],
  },
];

/** The name of the Role with what releases in steps need besides, where it is applied by hand. */
export const STEPS = 'slipway-steps';

/** What deploy and verify-rollout need beyond the deployer's rights where a formation has a strategy. */
export const STEPS_RIGHTS: typeof DEPLOYER_RIGHTS = [
  {
    why: 'Whether a pod of the copy leads, although it gets no traffic.',
    rules: [rule('coordination.k8s.io', ['leases'], ['list'])],
  },
  {
    why: 'Whether the copy fits; without these it is not known before.',
    rules: [rule('', ['resourcequotas'], ['get', 'list'])],
  },
  {
    why: 'Checks with `http`, which are asked at the Service of the copy.',
    rules: [rule('', ['services/proxy'], ['get'])],
  },
];

/** The name of the Role for instances of a spawned formation. */
export const SPAWNED = 'slipway-spawned';

/**
 * What deploy, with `spawn` and for a sweep, and verify-rollout need in the namespace that instances share. It may read the fence of the
 * namespace and not write it: NetworkPolicies only add to what is allowed, so that one of an instance could open what another closes.
 */
export const SPAWNED_RIGHTS: typeof DEPLOYER_RIGHTS = [
  ...DEPLOYER_RIGHTS.map(({ why, rules }) => ({ why, rules: rules.map(withoutPolicies) })),
  {
    why: 'Which instances there are, by the Leases that keep their rooms, and the fence of the namespace.',
    rules: [
      rule('coordination.k8s.io', ['leases'], ['list']),
      rule('', ['limitranges', 'resourcequotas'], ['get', 'list']),
      rule('networking.k8s.io', ['networkpolicies'], ['get', 'list']),
    ],
  },
];

function withoutPolicies({ apiGroups, resources, verbs }: RoleRule): RoleRule {
  const [group = ''] = apiGroups;
  return rule(
    group,
    resources.filter(resource => resource !== 'networkpolicies'),
    verbs,
  );
}

export const DEPLOYER_RULES: readonly RoleRule[] = DEPLOYER_RIGHTS.flatMap(({ rules }) => rules);
export const STEPS_RULES: readonly RoleRule[] = STEPS_RIGHTS.flatMap(({ rules }) => rules);

export function rule(group: string, resources: string[], verbs: string[]): RoleRule {
  return { apiGroups: [group], resources, verbs };
}
