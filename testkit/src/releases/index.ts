import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, type Release, type Snapshot, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import {
  type ApplyReleaseOptions,
  applyRelease,
  closeRelease,
  type OpenedSecrets,
  type PreparedRelease,
  prepareRelease,
  type ReleaseRequest,
  readRelease,
} from '@slipway/release';

export { rewriteRecord } from './rewrite-record.ts';
export { stepsState } from './steps-state.ts';

/** Whose releases they are, unless a test says otherwise. */
export const APPLICATION = 'shop';
export const FORMATION = 'staging';

const clock = (): Date => new Date();

export interface ReleaseChanges extends Partial<Omit<ReleaseRequest, 'objects' | 'identity'>> {
  readonly application?: string;
  readonly repository?: string;
}

export function requestFor(
  namespace: string,
  objects: readonly JsonObject[],
  { application = APPLICATION, repository = 'acme/shop', ...changes }: ReleaseChanges = {},
): ReleaseRequest {
  return {
    identity: { application, formation: FORMATION, namespace, destination: 'main', repository },
    objects: objects.map(object => ({ object: object as KubernetesObject })),
    seals: [],
    allow: {},
    prune: 'after-success',
    actor: 'someone',
    run: 'https://github.example/acme/shop/actions/runs/1',
    reason: 'test',
    adopt: false,
    forceConflicts: false,
    allowOlder: false,
    ...changes,
  };
}

/** Prepares and applies, as the action does. */
export async function deploy(
  client: ClusterClient,
  request: ReleaseRequest,
  openSecrets?: () => Promise<OpenedSecrets>,
  changes: Partial<ApplyReleaseOptions> = {},
): Promise<{ readonly prepared: PreparedRelease; readonly release: Release }> {
  const prepared = await prepareRelease({ client, request, openSecrets });
  const release = await applyRelease({
    client,
    prepared,
    prepareAgain: locked => prepareRelease({ client: locked, request, openSecrets }),
    lockTimeout: 5_000,
    timeout: 20_000,
    clock,
    signal: new AbortController().signal,
    logger: silentLogger,
    onRecorded: () => {},
    ...changes,
  });
  return { prepared, release };
}

export interface DeployOptions {
  readonly namespace: string;
  readonly snapshot?: Snapshot | undefined;
  readonly verify?: Release['verify'];
  /** The policies of the formation, as deploy records them. */
  readonly rules?: Release['policies'];
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout?: number;
  readonly clock?: () => Date;
  readonly signal?: AbortSignal;
}

/** What deploy leaves behind for verify-rollout: a numbered release, open. */
export async function deployObjects(
  client: ClusterClient,
  { namespace, snapshot, verify, rules, timeout = 30_000, ...surroundings }: DeployOptions,
  objects: readonly KubernetesObject[],
): Promise<Release> {
  const deploymentTag = snapshot?.deploymentTag ?? 'v1';
  const request = requestFor(namespace, objects as never, { snapshot, deploymentTag, verify, rules });
  const { release } = await deploy(client, request, undefined, {
    lockTimeout: 10_000,
    timeout,
    ...surroundings,
  });
  return release;
}

export function recordOf(client: ClusterClient, namespace: string, number: number): Promise<Release> {
  return readRelease(client, { application: APPLICATION, formation: FORMATION, namespace }, number);
}

export function close(client: ClusterClient, release: Release): Promise<Release> {
  return closeRelease(client, release, 'succeeded', clock);
}
