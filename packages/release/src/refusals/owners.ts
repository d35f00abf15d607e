import { type Problem, quote, textMap } from '@slipway/core';
import { describeObject, type KubernetesObject, PART_OF, referenceTo } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { ReleaseRequest } from '../request.ts';

/** The other owner of a live object, for messages; undefined if there is none. */
export function foreignOwner(live: KubernetesObject, ownSet: string): string | undefined {
  const labels = textMap(live.metadata['labels'] ?? null);
  const annotations = textMap(live.metadata['annotations'] ?? null);
  const set = labels[PART_OF];
  if (set !== undefined && set !== ownSet) return `another set (${PART_OF} ${quote(set)})`;
  if (set === ownSet) return undefined;
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined && labels['app.kubernetes.io/managed-by'] === 'Helm')
    return `the Helm release ${quote(release)}`;
  const tracking = annotations['argocd.argoproj.io/tracking-id'];
  if (tracking !== undefined) return `Argo CD (${quote(tracking)})`;
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name'];
  return flux === undefined ? undefined : `Flux (${quote(flux)})`;
}

/** Adds the refusal for a live object that has another owner, unless it is to be adopted. */
export function collectForeign(
  live: KubernetesObject,
  set: string,
  { adopt }: Pick<ReleaseRequest, 'adopt'>,
  problems: Problem[],
): void {
  const owner = foreignOwner(live, set);
  if (owner !== undefined && !adopt) problems.push(foreignProblem(live, owner));
}

/** The refusal for an object of another owner. */
export function foreignProblem(live: KubernetesObject, owner: string): Problem<ReleaseErrorCode> {
  return {
    code: 'object-foreign',
    message: `${describeObject(referenceTo(live))} belongs to ${owner}`,
    remedy: 'rename it, or set adopt to take it over',
  };
}
