import { defined } from '@slipway/core';
import { type KubernetesObject, objectAt } from '@slipway/kubernetes';
import { copyName } from './copy-name.ts';
import { selectingTrack } from './track.ts';

/**
 * The PodDisruptionBudget of the copy. It lets one pod go at a time, and pods that are not Ready at once: a copy is often small, and
 * must never keep a node from being drained.
 */
export function copyOfBudget(budget: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata } = budget;
  return {
    apiVersion,
    kind,
    metadata: { name: copyName(metadata.name), ...defined({ namespace: metadata['namespace'] }) },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: {
        ...objectAt(budget, 'spec', 'selector'),
        matchLabels: selectingTrack(objectAt(budget, 'spec', 'selector', 'matchLabels'), 'next'),
      },
    },
  };
}
