import type { ClusterClient } from '@slipway/cluster';
import { describeBriefly, type KubernetesObject, keyOf, referenceTo } from '@slipway/kubernetes';
import { type Copy, type StepsProblem, sendsTo } from '@slipway/steps';
import { unlessForbidden } from '../cluster/expected-errors.ts';

/**
 * Services of other owners that select the pods of a copy: they send to it from its first Ready pod on, and no step holds them.
 * @param held the Services that the release holds, and others of its own
 */
export async function otherSenders(
  client: Pick<ClusterClient, 'list'>,
  namespace: string,
  copies: readonly Copy[],
  held: readonly KubernetesObject[],
): Promise<StepsProblem[]> {
  const found = await unlessForbidden(client.list({ apiVersion: 'v1', kind: 'Service', namespace }));
  const own = new Set([...held, ...copies.map(({ object }) => object)].map(object => keyOf(object)));
  const deployments = copies.map(({ object }) => object).filter(({ kind }) => kind === 'Deployment');
  return (found?.items ?? [])
    .filter(service => !own.has(keyOf(service)))
    .flatMap(service => {
      const copy = deployments.find(deployment => sendsTo(service, deployment));
      if (copy === undefined) return [];
      const [sender, receiver] = [service, copy].map(object => describeBriefly(referenceTo(object)));
      return [
        {
          ...{
            code: 'steps-advice' as const,
            object: referenceTo(copy),
            pointer: '/spec/template/metadata/labels',
          },
          message: `${sender} of another owner selects the pods of ${receiver}, and sends to them from the first Ready one on`,
          remedy:
            'give it a selector that only stable has, or accept that some users get the new version at once',
        },
      ];
    });
}
