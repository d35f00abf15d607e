import { type JsonObject, ROOM_DEFAULTS, ROOM_MIN, ROOM_QUOTA, type SpawnBlock } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** The name of everything that is in the namespace of an instance from the start; the fence knows it by that. */
export const ROOM_OBJECT = 'slipway-room';
/** The ClusterRole that the tenant has in the namespace; examples/roles/spawner.yaml has it. */
export const TENANT_ROLE = 'slipway-tenant';

/** What no instance has, since it is outside of its namespace or dear. */
const NEVER = { 'services.loadbalancers': '0', 'services.nodeports': '0', 'requests.nvidia.com/gpu': '0' };

type RoomBlock = Pick<SpawnBlock, 'tenant' | 'quota' | 'defaults' | 'network'>;

/** What keeps pods of an instance in: the quota, the defaults of containers, and the network. */
export function roomFence(namespace: string, block: RoomBlock): readonly KubernetesObject[] {
  return [roomQuota(namespace, block), roomRange(namespace, block), roomPolicy(namespace, block)];
}

export function roomQuota(namespace: string, { quota }: RoomBlock): KubernetesObject {
  return object('v1', 'ResourceQuota', namespace, { hard: { ...ROOM_QUOTA, ...quota, ...NEVER } });
}

function roomRange(namespace: string, { defaults = {} }: RoomBlock): KubernetesObject {
  const limit = {
    type: 'Container',
    default: { ...ROOM_DEFAULTS.limits, ...defaults.limits },
    defaultRequest: { ...ROOM_DEFAULTS.requests, ...defaults.requests },
    min: ROOM_MIN,
  };
  return object('v1', 'LimitRange', namespace, { limits: [limit] });
}

/** Addresses that are not on the internet: clusters, their nodes, and what clouds tell their machines. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];
const PRIVATE_6 = ['fc00::/7', 'fe80::/10'];

function roomPolicy(namespace: string, { network = {} }: RoomBlock): KubernetesObject {
  const { from = [], to = [] } = network;
  const own = { podSelector: {} };
  const internet = [
    { ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } },
    { ipBlock: { cidr: '::/0', except: PRIVATE_6 } },
  ];
  const ports = [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ];
  return object('networking.k8s.io/v1', 'NetworkPolicy', namespace, {
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [own, ...from.map(peerIn)] }],
    egress: [{ to: [own, ...to.map(peerIn), ...internet] }, { to: [peerIn('kube-system')], ports }],
  });
}

function peerIn(namespace: string): JsonObject {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
}

const RBAC = 'rbac.authorization.k8s.io';

/** What gives the namespace to the tenant. */
export function roomBinding(namespace: string, { tenant = '' }: RoomBlock): KubernetesObject {
  return {
    ...object(`${RBAC}/v1`, 'RoleBinding', namespace, undefined),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: TENANT_ROLE },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: tenant }],
  };
}

function object(
  apiVersion: string,
  kind: string,
  namespace: string,
  spec: JsonObject | undefined,
): KubernetesObject {
  return {
    ...{ apiVersion, kind, metadata: { name: ROOM_OBJECT, namespace } },
    ...(spec === undefined ? {} : { spec }),
  };
}
