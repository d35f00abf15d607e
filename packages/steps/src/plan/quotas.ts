import type { StepStrategy } from '@slipway/core';
import { describeBriefly, type KubernetesObject, numberAt, objectAt, referenceTo } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { scalersOf } from '../refusals/autoscalers.ts';
import { copySize } from '../shares/shares.ts';
import { cores, mebibytes, nanosOf, requestOf, surgeOf } from './peak.ts';

/** A workload that goes in steps, with the pods that serve now. */
export interface QuotaWorkload {
  readonly object: KubernetesObject;
  readonly stable: number;
}

interface Demand {
  readonly pods: bigint;
  readonly cpu: bigint;
  readonly memory: bigint;
}

/** What a quota calls what pods take, and how a lack of it is written. */
const RESOURCES: readonly (readonly [string, keyof Demand, string, (amount: bigint) => string])[] = [
  ['pods', 'pods', 'pods', amount => String(amount)],
  ['count/pods', 'pods', 'pods', amount => String(amount)],
  ['requests.cpu', 'cpu', 'requests of cpu', cores],
  ['cpu', 'cpu', 'requests of cpu', cores],
  ['requests.memory', 'memory', 'requests of memory', mebibytes],
  ['memory', 'memory', 'requests of memory', mebibytes],
];

const ONE = 1_000_000_000n;

/**
 * Quotas that a release would exceed at its peak, beside what they count already: as many pods as an autoscaler may bring, what the
 * rollout at the commit adds, and the largest copy. A quota of certain pods only is left to the API server.
 * @param quotas the live ResourceQuotas of the namespace
 * @param autoscalers those of the release, and live ones besides
 */
export function quotaProblems(
  quotas: readonly KubernetesObject[],
  workloads: readonly QuotaWorkload[],
  strategy: StepStrategy,
  autoscalers: readonly KubernetesObject[],
): StepsProblem[] {
  const demand = demandOf(workloads, strategy, autoscalers);
  return quotas.filter(isOfAllPods).flatMap(quota =>
    RESOURCES.flatMap(([key, resource, name, written]) => {
      const [hard, used] = ['hard', 'used'].map(part => objectAt(quota, 'status', part)?.[key]);
      if (hard === undefined || demand[resource] === 0n) return [];
      const factor = resource === 'pods' ? ONE : 1n;
      const left = nanosOf(String(hard)) - nanosOf(String(used ?? '0'));
      const free = left < 0n ? 0n : left / factor;
      if (free >= demand[resource]) return [];
      return [exceeded(quota, name, written(free), written(demand[resource]))];
    }),
  );
}

function isOfAllPods(quota: KubernetesObject): boolean {
  const spec = objectAt(quota, 'spec');
  return spec?.['scopes'] === undefined && spec?.['scopeSelector'] === undefined;
}

function demandOf(
  workloads: readonly QuotaWorkload[],
  { steps }: StepStrategy,
  autoscalers: readonly KubernetesObject[],
): Demand {
  return workloads.reduce(
    (sum, { object, stable }) => {
      const most = Math.max(
        stable,
        ...scalersOf(object, autoscalers).map(
          scaler =>
            numberAt(scaler, 'spec', 'maxReplicas') ?? numberAt(scaler, 'spec', 'maxReplicaCount') ?? 0,
        ),
      );
      const copies = steps.map(({ weight }, index) => copySize(weight, most, steps[index + 1]));
      const more = BigInt(most - stable + surgeOf({ object, now: most }) + Math.max(...copies));
      return {
        pods: sum.pods + more,
        cpu: sum.cpu + more * requestOf(object, 'cpu'),
        memory: sum.memory + more * requestOf(object, 'memory'),
      };
    },
    { pods: 0n, cpu: 0n, memory: 0n },
  );
}

function exceeded(quota: KubernetesObject, what: string, free: string, needed: string): StepsProblem {
  return {
    ...{ code: 'steps-quota', pointer: '/steps' },
    message: `${describeBriefly(referenceTo(quota))} has ${free} of its ${what} left, and the release may need ${needed} more: for its copies, for what its rollout adds, and for what autoscalers may bring`,
    remedy: 'raise the quota, use smaller weights, or lower maxReplicas',
  };
}
