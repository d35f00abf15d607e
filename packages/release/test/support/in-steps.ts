import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import {
  type JsonObject,
  type JsonValue,
  type Release,
  type ReleaseSteps,
  type StepStrategy,
  silentLogger,
} from '@slipway/core';
import { type KubernetesObject, numberAt, objectAt } from '@slipway/kubernetes';
import type { Part } from '@slipway/steps';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  observeSteps,
  openSteps,
  reachPart,
  readRelease,
  type SeenSteps,
  type StepsContext,
} from '../../src/index.ts';
import { changeRecord } from '../../src/records/records.ts';
import { clock, never } from '../fixture.ts';

export const STRATEGY: StepStrategy = {
  steps: [{ weight: 0 }, { weight: 50 }, { weight: 100 }],
  drain: '0s',
};

/** Deploys manifests with steps, as the first run does. */
export async function deployInSteps(
  client: ClusterClient,
  namespace: string,
  objects: readonly KubernetesObject[],
  strategy: StepStrategy = STRATEGY,
): Promise<Release> {
  const request = requestFor(namespace, objects as never, { strategy });
  return (await deploy(client, request)).release;
}

/** A first release that serves. */
export async function serveFirst(
  client: ClusterClient,
  namespace: string,
  objects: readonly KubernetesObject[],
): Promise<Release> {
  const release = await deployInSteps(client, namespace, objects);
  for (const { kind, metadata } of objects)
    if (kind === 'Deployment') await untilReady(client, namespace, metadata.name);
  return await closeRelease(client, release, 'succeeded', clock);
}

export async function readDeployment(
  client: ClusterClient,
  namespace: string,
  name: string,
): Promise<KubernetesObject | undefined> {
  return await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
}

export async function untilReady(client: ClusterClient, namespace: string, name: string): Promise<void> {
  await until(async () => {
    const live = await readDeployment(client, namespace, name);
    const wanted = numberAt(live ?? {}, 'spec', 'replicas');
    const isSeen = numberAt(live ?? {}, 'status', 'observedGeneration') === live?.metadata['generation'];
    const status = ['readyReplicas', 'updatedReplicas', 'replicas'].map(field =>
      numberAt(live ?? {}, 'status', field),
    );
    return isSeen && status.every(number => number === wanted);
  });
}

/** Waits for what controllers of the cluster do. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(50);
}

export async function contextOf(client: ClusterClient, { number, ...owner }: Release): Promise<StepsContext> {
  const release = await readRelease(client, owner, number);
  return await openSteps({
    ...{
      client,
      release,
      repository: 'acme/shop',
      timeout: 20_000,
      clock,
      signal: never,
      logger: silentLogger,
    },
  });
}

export async function reach(client: ClusterClient, release: Release, part: Part): Promise<Release> {
  return await reachPart(await contextOf(client, release), part, false);
}

export async function see(client: ClusterClient, release: Release): Promise<SeenSteps> {
  return await observeSteps(await contextOf(client, release));
}

/** Changes where the release is to be, as the machine does before anything follows from it. */
export async function aim(
  client: ClusterClient,
  release: Release,
  {
    target,
    times,
    ...changes
  }: Partial<Omit<ReleaseSteps, 'target' | 'times'>> & {
    readonly target?: Partial<ReleaseSteps['target']>;
    readonly times?: Partial<ReleaseSteps['times']>;
  },
): Promise<Release> {
  return await changeRecord(client, release, record => {
    const { steps } = record;
    if (steps === undefined) throw new Error('the release does not go in steps');
    const to = {
      ...steps,
      ...changes,
      target: { ...steps.target, ...target },
      times: { ...steps.times, ...times },
    };
    return { ...record, steps: to };
  });
}

/** Users with stable, and no copy. */
export const HOME = { selector: 'stable', asked: 0, real: 0, sizes: { api: 0 } } as const;
export const UNDOING = {
  phase: 'undoing',
  undo: { verdict: 'rolled-back', by: 'decision', why: 'x' },
} as const;

/** Carries an undo to its end, part by part, as the machine does. */
export async function undo(
  client: ClusterClient,
  release: Release,
  reached: (release: Release, part: Part) => Promise<Release> = (now, part) => reach(client, now, part),
): Promise<Release> {
  const begun = typeof release.steps?.times['commit-began'] === 'string';
  let now = await aim(client, release, { ...UNDOING, ...(begun ? {} : { target: HOME }) });
  if (begun) {
    now = await reached(now, 'last-half-back');
    await untilReady(client, now.namespace, 'api');
    now = await aim(client, now, { target: HOME });
  }
  for (const part of ['home', 'held', 'first-half-back'] as const) now = await reached(now, part);
  return now;
}

/** Everything that a formation has in a namespace, as it was written: without what servers and controllers add. */
export async function writtenIn(
  client: ClusterClient,
  namespace: string,
): Promise<Record<string, JsonValue>> {
  const kinds = [
    ['apps/v1', 'Deployment'],
    ['v1', 'Service'],
    ['v1', 'ConfigMap'],
    ['v1', 'ServiceAccount'],
    ['policy/v1', 'PodDisruptionBudget'],
    ['rbac.authorization.k8s.io/v1', 'Role'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(([apiVersion, kind]) => client.list({ apiVersion, kind, namespace })),
  );
  const labelled = lists.flatMap(({ items }) => items).filter(object => isOurs(object));
  return Object.fromEntries(
    labelled.map(object => [`${object.kind} ${object.metadata.name}`, writtenOf(object)]),
  );
}

function isOurs({ metadata }: KubernetesObject): boolean {
  return objectAt({ metadata }, 'metadata', 'labels')?.['applyset.kubernetes.io/part-of'] !== undefined;
}

function writtenOf({ metadata, status: _status, ...rest }: KubernetesObject): JsonObject {
  const { uid, labels = {}, annotations } = metadata;
  const own = Object.entries((annotations ?? {}) as JsonObject).filter(
    ([key]) => !key.startsWith('deployment.kubernetes.io/'),
  );
  return { ...rest, uid: uid ?? '', labels, annotations: Object.fromEntries(own) } as JsonObject;
}
