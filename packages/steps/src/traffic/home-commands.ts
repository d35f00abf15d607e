import type { Release } from '@slipway/core';
import { TRACK } from '@slipway/kubernetes';
import { copyName } from '../copies/copy-name.ts';

/**
 * What takes users off an open release by hand, where neither GitHub nor Slipway can: the first lines send new connections to stable only,
 * the last ones end the connections that are left.
 */
export function homeCommands({ namespace, steps }: Pick<Release, 'namespace' | 'steps'>): readonly string[] {
  const patch = JSON.stringify({ spec: { selector: { [TRACK]: 'stable' } } });
  const services = (steps?.held ?? []).filter(({ kind }) => kind === 'Service');
  const workloads = steps?.stable.workloads ?? [];
  return [
    ...services.map(
      ({ name }) => `kubectl --namespace ${namespace} patch service ${name} --type merge --patch '${patch}'`,
    ),
    ...workloads.map(({ name }) => `kubectl --namespace ${namespace} delete deployment ${copyName(name)}`),
  ];
}
