import { type Problem, quote, textMap } from '@slipway/core';
import { describeObject, type KubernetesObject, PART_OF, referenceTo } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { deployersOf } from '../objects/adoption.ts';
import { ownedFields } from '../objects/managed-fields.ts';
import type { ReleaseRequest } from '../request.ts';

/** What shows that an object is the formation's own. */
export interface Ours {
  /** The value of the set's label. */
  readonly set: string;
  readonly manager: string;
}

/** The other owner that a live object names, for messages; undefined if it names none. */
export function markedOwner(live: KubernetesObject, ownSet: string): string | undefined {
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

/**
 * The other owner of a live object: the one that it names, or the tools that wrote it, kubectl among them. Their fields would stay
 * beside ours, and no later release could remove them. An object of which we have applied fields is ours.
 */
export function foreignOwner(live: KubernetesObject, { set, manager }: Ours): string | undefined {
  const marked = markedOwner(live, set);
  if (marked !== undefined) return marked;
  const isMember = textMap(live.metadata['labels'] ?? null)[PART_OF] === set;
  if (isMember || ownedFields(live, manager) !== undefined) return undefined;
  const deployers = deployersOf(live, manager);
  return deployers.length === 0 ? undefined : deployers.map(quote).join(' and ');
}

type Terms = Pick<ReleaseRequest, 'adopt' | 'restores'>;

/** Whether a live object has another owner, and is not to be taken over. A rollback takes back what others created in between. */
export function isForeign(live: KubernetesObject, ours: Ours, { adopt, restores }: Terms): boolean {
  if (adopt) return false;
  const owner = restores === undefined ? foreignOwner(live, ours) : markedOwner(live, ours.set);
  return owner !== undefined;
}

/** Adds the refusal for a live object that has another owner, unless it is to be adopted. */
export function collectForeign(live: KubernetesObject, ours: Ours, terms: Terms, problems: Problem[]): void {
  const owner = foreignOwner(live, ours);
  if (owner !== undefined && isForeign(live, ours, terms)) problems.push(foreignProblem(live, owner));
}

/** The refusal for an object of another owner. */
export function foreignProblem(live: KubernetesObject, owner: string): Problem<ReleaseErrorCode> {
  return {
    code: 'object-foreign',
    message: `${describeObject(referenceTo(live))} belongs to ${owner}`,
    remedy: 'rename it, or set adopt to take it over',
  };
}
