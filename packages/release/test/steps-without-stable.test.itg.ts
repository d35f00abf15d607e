import { expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, type Release, type StepStrategy, silentLogger } from '@slipway/core';
import { type KubernetesObject, numberAt, objectAt, VIEWER, VIEWER_RULES } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect, createNamespace } from '@slipway/testkit/cluster';
import { configMap, deployment, service } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  type ObservedFormation,
  observeFormation,
  readLeftCopies,
  readLiveNow,
  readRelease,
  setTerms,
} from '../src/index.ts';
import { noteVerdict } from '../src/records/note-release.ts';
import { clock, codesOf, never } from './fixture.ts';
import { deployInSteps, readDeployment, serveFirst, until, untilReady } from './support/in-steps.ts';
import { decided, looksOf } from './support/looks.ts';

const cluster = useCluster({ nodes: 2 });
const client = useClient(() => cluster.kubeconfig);

const STRATEGY: StepStrategy = {
  steps: [{ weight: 50, pause: 'commit', unwatched: true }],
  drain: '0s',
};
const version = (number: number): KubernetesObject[] => [
  deployment('api', { replicas: 4, container: { image: `api:${number}` } }),
  service('api'),
  configMap('settings', { version: String(number) }),
];

const look = looksOf(client);

/** Release 2, which half of the users have, and which waits for its commit. */
async function openIn(name: string): Promise<Release> {
  const namespace = await createNamespace(client, name);
  await serveFirst(client, namespace, version(1));
  const begun = await deployInSteps(client, namespace, version(2), STRATEGY);
  const release = await setTerms(client, begun, { 'stable-for': '1s', timeout: '30s' });
  expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'commit' });
  return release;
}

const recordOf = (release: Release): Promise<Release> => readRelease(client, release, release.number);

async function selectorOf({ namespace }: Release): Promise<unknown> {
  const live = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' });
  return live && objectAt(live, 'spec', 'selector');
}

const ofApi = ({ namespace }: Release) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' },
});

async function scale(release: Release, replicas: number): Promise<void> {
  await client.patch(ofApi(release), { spec: { replicas } });
  if (replicas > 0) return await untilReady(client, release.namespace, 'api');
  await until(async () => {
    const live = await readDeployment(client, release.namespace, 'api');
    return (numberAt(live ?? {}, 'status', 'readyReplicas') ?? 0) === 0;
  });
}

/** The copy has its pods, and users get there. */
async function expectServedByCopy(release: Release): Promise<void> {
  const copy = await readDeployment(client, release.namespace, 'api-next');
  expect(numberAt(copy ?? {}, 'status', 'readyReplicas')).toBe(4);
  expect(await selectorOf(release)).toEqual({ app: 'api' });
}

const observed = (who: ClusterClient, owner: Release): Promise<ObservedFormation> =>
  observeFormation({
    ...{ client: who, owner, verify: undefined, clock, signal: never, logger: silentLogger },
  });

/** Someone with the Role that `mode: status` needs, which has no right to Secrets. */
async function viewerIn(namespace: string): Promise<ClusterClient> {
  const group = 'rbac.authorization.k8s.io';
  const metadata = { name: VIEWER, namespace };
  const rules = VIEWER_RULES as unknown as JsonObject[];
  await client.create({ apiVersion: `${group}/v1`, kind: 'Role', metadata, rules });
  await client.create({
    ...{ apiVersion: `${group}/v1`, kind: 'RoleBinding', metadata },
    roleRef: { apiGroup: group, kind: 'Role', name: VIEWER },
    subjects: [{ apiGroup: group, kind: 'User', name: 'viewer' }],
  });
  return await connect(await cluster.userKubeconfig('viewer'));
}

it('users stay with the copy while stable is scaled to 0, and go home once it has pods', async () => {
  const release = await openIn('steps-scaled-away');
  await scale(release, 0);
  expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'stable' });
  expect((await recordOf(release)).steps).toMatchObject({ phase: 'waiting', 'waiting-for': 'stable' });
  expect(await look(release, decided('continue', 'commit'))).toMatchObject({ ended: 'refused' });
  expect(await look(release, decided('reject'))).toMatchObject({ ended: 'open', waitingFor: 'stable' });
  await expectServedByCopy(release);
  // Whoever scaled it owns its number of pods.
  const newer = requestFor(release.namespace, version(3) as never, { forceConflicts: true });
  expect(await codesOf(deploy(client, newer))).toEqual(['release-in-steps']);
  await expectServedByCopy(release);
  await scale(release, 4);
  expect(await look(release)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  expect(await readDeployment(client, release.namespace, 'api-next')).toBeUndefined();
});

it('a Service that someone removed is there again after a reject', async () => {
  const release = await openIn('steps-service-gone');
  const { namespace } = release;
  await client.delete({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' });
  expect(await look(release, decided('reject'))).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  expect(await selectorOf(release)).toEqual({ app: 'api' });
  expect(await readDeployment(client, namespace, 'api-next')).toBeUndefined();
});

it('what someone changed of stable is named once the release is undone', async () => {
  const release = await openIn('steps-stable-edited');
  const containers = [{ name: 'api', image: 'api:edited' }];
  await client.patch(ofApi(release), { spec: { template: { spec: { containers } } } });
  await untilReady(client, release.namespace, 'api');
  expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'foreign-edit' });
  expect(await look(release, decided('reject'))).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  expect((await recordOf(release)).steps?.undo?.differs).toBe('someone changed the pods of Deployment api');
});

it('nothing of it changes while the record of stable is missing', async () => {
  const release = await openIn('steps-record-gone');
  const { namespace } = release;
  await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'slipway.shop.staging.1' });
  const before = await recordOf(release);
  for (const decision of [undefined, decided('reject'), decided('promote')])
    expect(await codesOf(look(release, decision))).toEqual(['stable-record-missing']);
  const newer = requestFor(namespace, version(3) as never);
  expect(await codesOf(deploy(client, newer))).toEqual(['stable-record-missing']);
  expect(await recordOf(release)).toEqual(before);
  await expectServedByCopy(release);
});

it('its copy is found although its record is gone, and none is after a reject', async () => {
  const release = await openIn('steps-own-record-gone');
  expect(await readLeftCopies(client, release)).toEqual(['api-next']);
  const { namespace } = release;
  const secret = await client.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    name: 'slipway.shop.staging.2',
  });
  expect((await observed(client, release)).copies).toBeUndefined();
  await client.delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'slipway.shop.staging.2' });
  expect(await readLeftCopies(client, release)).toEqual(['api-next']);
  const left = { names: ['api-next'], areLeft: true };
  expect((await observed(client, release)).copies).toEqual(left);
  // Who may not read records has the note, and that has no verdict yet.
  const viewer = await viewerIn(namespace);
  expect((await observed(viewer, release)).copies).toEqual({ ...left, areLeft: false });
  await noteVerdict(client, { ...release, verdict: 'rolled-back' });
  expect((await observed(viewer, release)).copies).toEqual(left);
  const { uid: _uid, resourceVersion: _version, ...metadata } = secret?.metadata ?? { name: '' };
  await client.create({ ...secret, metadata } as KubernetesObject);
  expect(await look(release, decided('reject'))).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  expect(await readLeftCopies(client, release)).toEqual([]);
  for (const who of [client, viewer]) expect((await observed(who, release)).copies).toBeUndefined();
  viewer.close();
});

it('at a pause it waits for a stable that someone removed', async () => {
  const release = await openIn('steps-stable-removed');
  await client.delete(ofApi(release));
  expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'stable' });
  expect((await recordOf(release)).steps).toMatchObject({ phase: 'waiting', 'waiting-for': 'stable' });
  await expectServedByCopy(release);
});

it.each(['reject', 'strategy: none'])('%s creates a stable again that someone removed', async what => {
  const release = await openIn(`steps-stable-${what === 'reject' ? 'back' : 'past'}`);
  const { namespace } = release;
  await client.delete(ofApi(release));
  await until(async () => (await readDeployment(client, namespace, 'api')) === undefined);
  if (what === 'reject')
    expect(await look(release, decided('reject'))).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  else await deploy(client, requestFor(namespace, version(3) as never));
  const closed = await recordOf(release);
  expect(closed).toMatchObject({ verdict: what === 'reject' ? 'rolled-back' : 'superseded' });
  expect(closed.steps?.undo?.differs).toBeUndefined();
  expect((await readLiveNow(client, release))?.number).toBe(what === 'reject' ? 1 : 3);
  expect(await readDeployment(client, namespace, 'api-next')).toBeUndefined();
  expect(await selectorOf(release)).toEqual({ app: 'api' });
  const live = await readDeployment(client, namespace, 'api');
  expect(JSON.stringify(live?.['spec'])).toContain(what === 'reject' ? 'api:1' : 'api:3');
});
