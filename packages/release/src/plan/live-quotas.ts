import type { ClusterClient } from '@slipway/cluster';
import type { StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { quotaProblems, type StepsProblem } from '@slipway/steps';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import type { PreparedWorkload } from './prepared-steps.ts';

/** Quotas of the namespace that a release would exceed at its peak; nothing where they may not be read. */
export async function liveQuotas(
  client: Pick<ClusterClient, 'list'>,
  namespace: string,
  workloads: readonly PreparedWorkload[],
  { strategy, autoscalers }: { strategy: StepStrategy; autoscalers: readonly KubernetesObject[] },
): Promise<StepsProblem[]> {
  const found = await unlessForbidden(client.list({ apiVersion: 'v1', kind: 'ResourceQuota', namespace }));
  return quotaProblems(found?.items ?? [], workloads, strategy, autoscalers);
}
