import { type ClusterClient, connectCluster } from '@slipway/cluster';
import { type JsonObject, type Release, type Snapshot, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { applyRelease, closeRelease, prepareRelease, readRelease } from '@slipway/release';

export const APPLICATION = 'shop';
export const FORMATION = 'staging';
const REPOSITORY = 'acme/shop';

const common = { clock: () => new Date(), signal: new AbortController().signal, logger: silentLogger };

export function connect(kubeconfig: string): Promise<ClusterClient> {
  return connectCluster({
    kubeconfig,
    context: '',
    environment: {},
    workspace: '/nowhere',
    runPlugin: () => Promise.reject(new Error('the testbed needs no plugin')),
    ...common,
  });
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

/** What deploy leaves behind: a numbered release, open. */
export async function deploy(
  client: ClusterClient,
  { namespace, snapshot, verify, rules, timeout = 30_000, ...surroundings }: DeployOptions,
  objects: readonly KubernetesObject[],
): Promise<Release> {
  const identity = {
    application: APPLICATION,
    formation: FORMATION,
    destination: 'main',
    namespace,
    repository: REPOSITORY,
  };
  const request = {
    identity,
    objects: objects.map(object => ({ object })),
    seals: [],
    snapshot,
    deploymentTag: snapshot?.deploymentTag ?? 'v1',
    verify,
    rules,
    allow: {},
    prune: 'after-success',
    actor: 'ada',
    run: 'https://github.com/acme/shop/actions/runs/1',
    reason: 'a test',
    adopt: false,
    forceConflicts: false,
    allowOlder: false,
  } as const;
  const prepare = () => prepareRelease({ client, request });
  return applyRelease({
    client,
    prepared: await prepare(),
    prepareAgain: prepare,
    lockTimeout: 10_000,
    timeout,
    onRecorded: () => {},
    ...common,
    ...surroundings,
  });
}

export function recordOf(client: ClusterClient, namespace: string, number: number): Promise<Release> {
  return readRelease(client, { application: APPLICATION, formation: FORMATION, namespace }, number);
}

export function close(client: ClusterClient, release: Release): Promise<Release> {
  return closeRelease(client, release, 'succeeded', common.clock);
}

/** A Deployment whose pods play the given part on the testbed's nodes. */
export function workload(name: string, behaviour?: string, image = 'shop/main:1'): KubernetesObject {
  const annotations = behaviour === undefined ? {} : { 'testbed.slipway.dev/behaviour': behaviour };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'main', image }] },
      },
    },
  };
}

/** A StatefulSet whose pods are made one after the other. */
export function replicated(name: string, behaviour?: string): KubernetesObject {
  const { spec, ...rest } = workload(name, behaviour);
  return { ...rest, kind: 'StatefulSet', spec: { ...(spec as JsonObject), replicas: 2, serviceName: name } };
}

export function configMap(name: string, value: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
}

/** The same object in another stage of the release. */
export function ordered(object: KubernetesObject, order: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations: { 'slipway.dev/order': order } } };
}
