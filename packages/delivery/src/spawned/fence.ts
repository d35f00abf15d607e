import type { ClusterClient, ObjectList } from '@slipway/cluster';
import {
  isJsonObject,
  type JsonValue,
  type Problem,
  quote,
  SlipwayError,
  type SpawnBlock,
  textMap,
  valueAt,
} from '@slipway/core';
import { type KubernetesObject, PART_OF, parseQuantity } from '@slipway/kubernetes';
import type { Right } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';

/** What an instance needs besides what its releases need: who else is there, and whether the namespace has a fence. */
export function spawnRights(namespace: string): readonly Right[] {
  const list = (group: string, resource: string): Right => ({ group, resource, verb: 'list', namespace });
  return [
    list('coordination.k8s.io', 'leases'),
    list('', 'resourcequotas'),
    list('', 'limitranges'),
    list('networking.k8s.io', 'networkpolicies'),
  ];
}

/** The levels of Pod Security that keep pods from the node. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const FENCING_LEVELS: Readonly<Record<SpawnBlock['form'], readonly string[]>> = {
  shared: ['restricted', 'baseline'],
  create: ['restricted'],
};
const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/**
 * What the namespace of instances lacks of its fence. What may not be read is one of the rights that are missing, and is said with them.
 */
export async function fenceProblems(
  client: ClusterClient,
  namespace: string,
  { form, fence }: Pick<SpawnBlock, 'form' | 'fence'>,
): Promise<Problem<DeliveryErrorCode>[]> {
  if (fence === 'none') return [];
  const list = (apiVersion: string, kind: string) => listed(client, { apiVersion, kind, namespace });
  const [quotas, ranges, policies, live] = await Promise.all([
    list('v1', 'ResourceQuota'),
    list('v1', 'LimitRange'),
    list('networking.k8s.io/v1', 'NetworkPolicy'),
    unlessForbidden(client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })),
  ]);
  const levels = FENCING_LEVELS[form];
  const lacking = [
    ...(quotas?.items.length === 0 ? ['a ResourceQuota'] : []),
    ...(ranges !== undefined && !ranges.items.some(isRangeFence)
      ? ['a LimitRange with a min above 0 of cpu and memory for containers']
      : []),
    ...(policies !== undefined && !policies.items.some(isEgressFence)
      ? ['a NetworkPolicy that restricts the egress of all pods']
      : []),
    ...(live !== undefined && !levels.includes(levelOf(live))
      ? [`the label ${POD_SECURITY} with ${levels.map(quote).join(' or ')}`]
      : []),
  ];
  return lacking.length === 0 ? [] : [unfenced(namespace, lacking)];
}

/** With a least amount every container has a limit, and counts in the quota. */
function isRangeFence(range: KubernetesObject): boolean {
  const limits = valueAt(range, ['spec', 'limits']);
  return (Array.isArray(limits) ? limits : []).some(
    limit =>
      isJsonObject(limit) &&
      limit['type'] === 'Container' &&
      ['cpu', 'memory'].every(resource => isAboveZero(valueAt(limit, ['min', resource]))),
  );
}

function isAboveZero(amount: JsonValue | undefined): boolean {
  return amount !== undefined && parseQuantity(String(amount)).nanos > 0n;
}

/** One of all pods, which an administrator made, and of which no rule allows everything. A policy that a release brings is the author's. */
function isEgressFence(policy: KubernetesObject): boolean {
  const spec = valueAt(policy, ['spec']);
  if (!isJsonObject(spec) || textMap(policy.metadata['labels'] ?? null)[PART_OF] !== undefined) return false;
  const { podSelector, policyTypes, egress } = spec;
  const isOfAll = isJsonObject(podSelector) && Object.values(podSelector).every(isEmpty);
  const rules = Array.isArray(egress) ? egress : [];
  return isOfAll && Array.isArray(policyTypes) && policyTypes.includes('Egress') && !rules.some(allowsAll);
}

function allowsAll(rule: JsonValue): boolean {
  return isJsonObject(rule) && isEmpty(rule['to'] ?? null) && isEmpty(rule['ports'] ?? null);
}

function isEmpty(value: JsonValue): boolean {
  return value === null || Object.keys(value).length === 0;
}

function levelOf({ metadata }: KubernetesObject): string {
  return textMap(metadata['labels'] ?? null)[POD_SECURITY] ?? '';
}

function unfenced(namespace: string, lacking: readonly string[]): Problem<DeliveryErrorCode> {
  return {
    code: 'spawn-unfenced',
    message: `the namespace ${quote(namespace)} of the instances lacks ${lacking.join(', ')}`,
    remedy:
      'let an administrator add it, as docs/spawned.md shows, or write fence: none and a fence-reason into the spawn block',
  };
}

async function listed(
  client: ClusterClient,
  query: { readonly apiVersion: string; readonly kind: string; readonly namespace: string },
): Promise<ObjectList | undefined> {
  return await unlessForbidden(client.list(query));
}

async function unlessForbidden<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'cluster-forbidden') return undefined;
    throw error;
  }
}
