import type { ClusterClient } from '@slipway/cluster';
import type { Clock, Logger, Release, ReleaseSteps } from '@slipway/core';
import { type KubernetesObject, keyOf, kindKey, type ObjectReference, objectKey } from '@slipway/kubernetes';
import { applySetId, fieldManager } from '../names.ts';
import { readStableRecord } from '../records/stable-record.ts';
import type { ReleaseIdentity } from '../request.ts';

/** What every write of an open release in steps needs. */
export interface StepsContext {
  /** Guarded by the formation's lock. */
  readonly client: ClusterClient;
  /** The open release, as its record was read under the lock. */
  readonly release: Release;
  readonly steps: ReleaseSteps;
  /** The release that serves. */
  readonly stable: Release;
  readonly identity: ReleaseIdentity;
  readonly manager: string;
  readonly set: string;
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface StepsOptions
  extends Pick<StepsContext, 'client' | 'timeout' | 'clock' | 'signal' | 'logger'> {
  readonly release: Release;
  /** `owner/name` of the repository that deploys. */
  readonly repository: string;
}

/** Reads what serves beside an open release in steps. @throws SlipwayError as `readStableRecord` does */
export async function openSteps({ repository, ...options }: StepsOptions): Promise<StepsContext> {
  const { client, release } = options;
  const { application, formation, destination, namespace, steps } = release;
  if (steps === undefined) throw new TypeError(`release ${release.number} does not go in steps`);
  const identity = { application, formation, destination, namespace, repository };
  const stable = await readStableRecord(client, release);
  return {
    ...options,
    ...{ steps, stable, identity },
    manager: fieldManager(identity),
    set: applySetId(identity, namespace),
  };
}

export function manifestsOf({ manifests }: Pick<Release, 'manifests'>): readonly KubernetesObject[] {
  return manifests as unknown as readonly KubernetesObject[];
}

/** A workload of an open release in steps. */
export interface OpenWorkload {
  readonly name: string;
  /** As the open release has it. */
  readonly next: KubernetesObject;
}

/** The workloads that go in steps, as the open release has them. */
export function workloadsOf({
  release,
  steps,
}: Pick<StepsContext, 'release' | 'steps'>): readonly OpenWorkload[] {
  return steps.stable.workloads.flatMap(({ name }) => {
    const next = manifestsOf(release).find(object => isOwn(object, release, 'Deployment.apps', name));
    return next === undefined ? [] : [{ name, next }];
  });
}

function isOwn(object: KubernetesObject, { namespace }: Release, kind: string, name: string): boolean {
  return (
    kindKey(object) === kind && object.metadata.name === name && object.metadata['namespace'] === namespace
  );
}

/** A held object, and how it is while the release is open, before any track is added. */
export interface Held {
  readonly reference: ObjectReference;
  readonly base: KubernetesObject;
  /** Whether the release brought it. */
  readonly isNew: boolean;
}

/** The held objects; each is as the release that serves has it, or as the open one does if it is new. */
export function heldOf({
  release,
  stable,
  steps,
}: Pick<StepsContext, 'release' | 'stable' | 'steps'>): readonly Held[] {
  return steps.held.flatMap(({ apiVersion, kind, name }) => {
    const reference = { apiVersion, kind, namespace: release.namespace, name };
    const find = (of: Release) => manifestsOf(of).find(object => keyOf(object) === objectKey(reference));
    const before = find(stable);
    const base = before ?? find(release);
    return base === undefined ? [] : [{ reference, base, isNew: before === undefined }];
  });
}

export function heldKeys(context: Pick<StepsContext, 'release' | 'stable' | 'steps'>): ReadonlySet<string> {
  return new Set(heldOf(context).map(({ reference }) => objectKey(reference)));
}

/** The live Deployment that serves; undefined if someone removed it. */
export async function readStable(
  { client, release }: Pick<StepsContext, 'client' | 'release'>,
  name: string,
): Promise<KubernetesObject | undefined> {
  return await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: release.namespace, name });
}
