import { type RoleRule, rule } from './deployer-role.ts';

/** The names of the Roles that only read, of their bindings and of their accounts. */
export const VIEWER = 'slipway-viewer';
export const PLANNER = 'slipway-planner';

const READ = ['get', 'list'];

const COMMON: readonly RoleRule[] = [
  rule('', ['configmaps', 'persistentvolumeclaims', 'serviceaccounts', 'services'], READ),
  rule('apps', ['daemonsets', 'deployments', 'statefulsets'], READ),
  rule('autoscaling', ['horizontalpodautoscalers'], READ),
  rule('policy', ['poddisruptionbudgets'], READ),
  rule('networking.k8s.io', ['ingresses', 'networkpolicies'], READ),
  rule('coordination.k8s.io', ['leases'], ['get']),
];

/** What `mode: status` needs, as examples/roles/viewer.yaml has it with the reasons. */
export const VIEWER_RULES: readonly RoleRule[] = [
  ...COMMON,
  rule('batch', ['cronjobs'], READ),
  rule('', ['events', 'pods'], READ),
  rule('coordination.k8s.io', ['leases'], ['list']),
  rule('apps', ['controllerrevisions', 'replicasets'], READ),
  rule('discovery.k8s.io', ['endpointslices'], READ),
];

/** What `mode: plan` needs, as examples/roles/planner.yaml has it with the reasons. */
export const PLANNER_RULES: readonly RoleRule[] = [
  ...COMMON,
  rule('batch', ['cronjobs', 'jobs'], READ),
  rule('', ['namespaces'], ['get']),
];
