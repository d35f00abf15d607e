import { type KubernetesObject, numberAt, objectsAt, podReferences, textAt } from '@slipway/kubernetes';
import { areTogether, isDeployment, podSpec } from './pods-of.ts';

/** Why two versions of a workload cannot run side by side, with where that is written; undefined if they can. */
export interface Unfitness {
  readonly reason: string;
  /** RFC 6901, in the workload. */
  readonly pointer: string;
}

/** @param claims the PersistentVolumeClaims that are known, of the release or live */
export function unfitness(
  workload: KubernetesObject,
  claims: readonly KubernetesObject[],
): Unfitness | undefined {
  if (!isDeployment(workload)) return { reason: `it is a ${workload.kind}`, pointer: '/kind' };
  return recreated(workload) ?? onNodePort(workload) ?? claimOfOne(workload, claims);
}

/** Whether a workload may be named by a strategy, as far as its manifest says. */
export function mayHaveCopy(workload: KubernetesObject, claims: readonly KubernetesObject[]): boolean {
  return unfitness(workload, claims) === undefined;
}

function recreated(workload: KubernetesObject): Unfitness | undefined {
  const isRecreated = textAt(workload, 'spec', 'strategy', 'type') === 'Recreate';
  return isRecreated ? { reason: 'its strategy is Recreate', pointer: '/spec/strategy/type' } : undefined;
}

function onNodePort(workload: KubernetesObject): Unfitness | undefined {
  const spec = podSpec(workload);
  const pointer = '/spec/template/spec';
  if (spec['hostNetwork'] === true)
    return { reason: 'its pods use the network of their node', pointer: `${pointer}/hostNetwork` };
  for (const [index, container] of objectsAt(spec, 'containers').entries()) {
    const ports = objectsAt(container, 'ports');
    const port = ports.findIndex(one => (numberAt(one, 'hostPort') ?? 0) > 0);
    if (port >= 0)
      return {
        reason: `its pods use port ${numberAt(ports[port] ?? {}, 'hostPort')} of their node`,
        pointer: `${pointer}/containers/${index}/ports/${port}/hostPort`,
      };
  }
  return undefined;
}

/** A volume that one node or one pod only may mount would keep the copy's pods waiting, or both versions would write to it. */
function claimOfOne(workload: KubernetesObject, claims: readonly KubernetesObject[]): Unfitness | undefined {
  for (const { kind, name, path } of podReferences(podSpec(workload))) {
    if (kind !== 'PersistentVolumeClaim') continue;
    const claim = claims.find(one => one.metadata.name === name && areTogether(one, workload));
    const modes = claim === undefined ? [] : accessModes(claim);
    if (modes.length > 0 && modes.every(mode => /^ReadWriteOnce(?:Pod)?$/.test(mode)))
      return {
        reason: `its pods mount the claim ${name}, which is ${modes.join(' and ')}`,
        pointer: `/spec/template/spec/${path.join('/')}`,
      };
  }
  return undefined;
}

function accessModes(claim: KubernetesObject): string[] {
  const spec = claim['spec'];
  const modes = typeof spec === 'object' && spec !== null && 'accessModes' in spec ? spec['accessModes'] : [];
  return Array.isArray(modes) ? modes.filter(mode => typeof mode === 'string') : [];
}

/** A workload without pods has no share of anything. */
export function withoutPods({ spec }: KubernetesObject): string | undefined {
  const replicas =
    typeof spec === 'object' && spec !== null && 'replicas' in spec ? spec['replicas'] : undefined;
  return replicas === 0 ? 'it has 0 replicas' : undefined;
}
