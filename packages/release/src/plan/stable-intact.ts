import { canonicalJson, type Problem, type Release, sha256 } from '@slipway/core';
import {
  describeBriefly,
  type KubernetesObject,
  keyOf,
  numberAt,
  objectAt,
  objectKey,
  referenceTo,
  uidIfAny,
} from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { overwrites } from '../objects/overwrites.ts';
import { ownersOf } from '../objects/ownership.ts';

/** A workload of the release that serves, as it is in the cluster. */
export interface StableWorkload {
  /** As the record of that release has it. */
  readonly manifest: KubernetesObject;
  readonly live: KubernetesObject;
}

/** A digest of the pods that a live Deployment makes; whoever edits them changes it. */
export function templateDigest(live: KubernetesObject): string {
  return sha256(canonicalJson(objectAt(live, 'spec', 'template') ?? {}));
}

/** Whether a live Deployment has a Ready pod. */
export function hasReadyPod(live: KubernetesObject): boolean {
  return (numberAt(live, 'status', 'readyReplicas') ?? 0) > 0;
}

/** Whether a Deployment is to have no pod. */
export function isEmpty(deployment: KubernetesObject): boolean {
  return numberAt(deployment, 'spec', 'replicas') === 0;
}

/** Why a release that serves, and is closed, cannot be gone back to; undefined if it can. */
export function stableVerdict({ number, verdict }: Release): Problem<ReleaseErrorCode> | undefined {
  if (verdict === 'succeeded') return undefined;
  const how = verdict === undefined ? 'is open' : `ended as ${verdict}`;
  return problem(`release ${number}, which serves, ${how}`, VERDICT_REMEDY);
}

/**
 * Why the version that serves is not what the copy could be judged against, and what an undo could go back to.
 * @param stable the record of the release that serves
 */
export function notIntact(
  stable: Release,
  workloads: readonly StableWorkload[],
  manager: string,
): Problem<ReleaseErrorCode>[] {
  const { verdict } = stable;
  // One that is open is closed before the release begins, and asked again then.
  const ended = verdict === undefined ? undefined : stableVerdict(stable);
  if (ended !== undefined) return [ended];
  return workloads.flatMap(workload => {
    const why = notAsWritten(stable, workload, manager);
    return why === undefined ? [] : [problem(...why)];
  });
}

function notAsWritten(
  stable: Release,
  { manifest, live }: StableWorkload,
  manager: string,
): readonly [what: string, remedy: string] | undefined {
  const what = describeBriefly(referenceTo(live));
  const recorded = stable.objects.find(object => objectKey(object) === keyOf(manifest));
  if (recorded?.uid !== undefined && recorded.uid !== uidIfAny(live))
    return [`${what} is not the one that release ${stable.number} wrote`, EDIT_REMEDY];
  const changes = overwrites(manifest, live, ownersOf(live, manager));
  const edit = changes.find(({ pointer }) => pointer.startsWith('/spec/template/'));
  if (edit !== undefined) {
    const by = edit.managers.length === 0 ? 'someone' : edit.managers.join(' and ');
    return [`${by} changed ${edit.pointer} of ${what} since release ${stable.number}`, EDIT_REMEDY];
  }
  return hasReadyPod(live) || isEmpty(live)
    ? undefined
    : [`${what} has no Ready pod`, 'find out why, and deploy again once it has one'];
}

const OTHERWISE = 'or deploy with "strategy: none" and a reason';
const VERDICT_REMEDY = `roll back to a release that succeeded, ${OTHERWISE}`;
const EDIT_REMEDY = `take the edit back, roll back, ${OTHERWISE}`;

function problem(what: string, remedy: string): Problem<ReleaseErrorCode> {
  return {
    code: 'stable-not-intact',
    message: `${what}, so that there is no version to go in steps from`,
    remedy,
  };
}
