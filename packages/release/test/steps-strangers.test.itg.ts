import { expect, it } from '@jest/globals';
import { type JsonObject, type Release, type StepStrategy, silentLogger } from '@slipway/core';
import { isTerminating, type KubernetesObject, objectAt } from '@slipway/kubernetes';
import type { Driven } from '@slipway/steps';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { deployment, service } from '@slipway/testkit/objects';
import { observeFormation, readRelease, setTerms } from '../src/index.ts';
import { changeRecord } from '../src/records/records.ts';
import { clock, never } from './fixture.ts';
import {
  aim,
  deployInSteps,
  HOME,
  readDeployment,
  see,
  serveFirst,
  until,
  untilReady,
} from './support/in-steps.ts';
import { decided, looksOf } from './support/looks.ts';

const cluster = useCluster({ nodes: 2 });
const client = useClient(() => cluster.kubeconfig);

const PART_OF = 'applyset.kubernetes.io/part-of';
const TRACK = 'slipway.dev/track';
const STRATEGY: StepStrategy = {
  steps: [{ weight: 50, pause: 'qa', unwatched: true }],
  drain: '0s',
};
const version = (number: number): KubernetesObject[] => [
  deployment('api', { replicas: 1, container: { image: `api:${number}` } }),
  service('api'),
];

const look = looksOf(client);

/** Release 2, which half of the users have, and which waits for qa. */
async function openIn(name: string): Promise<Release> {
  const namespace = await createNamespace(client, name);
  await serveFirst(client, namespace, version(1));
  const begun = await deployInSteps(client, namespace, version(2), STRATEGY);
  const release = await setTerms(client, begun, { 'stable-for': '1s', timeout: '30s' });
  expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'qa' });
  return release;
}

const copyOf = ({ namespace }: Release) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api-next' },
});

async function selectorOf({ namespace }: Release, name = 'api'): Promise<unknown> {
  const live = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  return live && objectAt(live, 'spec', 'selector');
}

async function stepsOf(release: Release): Promise<Release['steps']> {
  return (await readRelease(client, release, release.number)).steps;
}

/** What someone else has under the name of the copy still runs, and no user gets there. */
async function expectNarrowed(release: Release, driven: Driven, why: string): Promise<void> {
  expect(driven).toMatchObject({ ended: 'open', waitingFor: 'foreign-edit' });
  const says = driven.ended === 'open' ? driven.says : '';
  expect(says).toContain(why);
  expect(says).toContain(`kubectl --namespace ${release.namespace} delete `);
  expect(await selectorOf(release)).toEqual({ app: 'api', [TRACK]: 'stable' });
}

it('a copy that someone took the label from gets no user after a reject, and the undo ends once it is gone', async () => {
  const release = await openIn('strange-label');
  await client.patch(copyOf(release), { metadata: { labels: { [PART_OF]: null } } });
  const why = `Deployment api-next lacks the label ${PART_OF} of the formation`;
  await expectNarrowed(release, await look(release, decided('reject')), why);
  expect(await stepsOf(release)).toMatchObject({ phase: 'undoing', 'waiting-for': 'foreign-edit' });
  await expectNarrowed(release, await look(release), why);
  const seen = await observeFormation({
    ...{ client, owner: release, verify: undefined, clock, signal: never, logger: silentLogger },
  });
  expect(seen.stranger).toContain(why);
  expect(await readDeployment(client, release.namespace, 'api-next')).toBeDefined();
  await client.delete(copyOf(release));
  await until(async () => (await readDeployment(client, release.namespace, 'api-next')) === undefined);
  expect(await look(release)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  expect(await selectorOf(release)).toEqual({ app: 'api' });
});

it('a copy that someone created again gets no user after a reject', async () => {
  const release = await openIn('strange-again');
  const { namespace } = release;
  const copy = await readDeployment(client, namespace, 'api-next');
  await client.delete(copyOf(release));
  await until(async () => (await readDeployment(client, namespace, 'api-next')) === undefined);
  const { uid: _u, resourceVersion: _r, managedFields: _m, ...metadata } = copy?.metadata ?? { name: '' };
  await client.create({ ...copy, metadata } as KubernetesObject);
  await untilReady(client, namespace, 'api-next');
  const rejected = await look(release, decided('reject'));
  await expectNarrowed(release, rejected, 'Deployment api-next was created again by someone else');
  await client.delete(copyOf(release));
  await until(async () => (await readDeployment(client, namespace, 'api-next')) === undefined);
  expect(await look(release)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
});

it('pods that someone left of a copy get no user after a reject', async () => {
  const release = await openIn('strange-pods');
  const { namespace } = release;
  const copy = await readDeployment(client, namespace, 'api-next');
  const { selector, template } = objectAt(copy ?? {}, 'spec') ?? {};
  await client.delete(copyOf(release));
  await until(async () => (await readDeployment(client, namespace, 'api-next')) === undefined);
  // As the Deployment leaves it that is deleted with --cascade=orphan.
  await client.create({
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'api-next-1', namespace } },
    spec: { replicas: 1, selector, template } as JsonObject,
  });
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `${TRACK}=next` };
  await until(async () => (await client.list(pods)).items.some(pod => !isTerminating(pod)));
  const why = 'is of a copy whose Deployment someone removed';
  await expectNarrowed(release, await look(release, decided('reject')), why);
});

it('a copy that someone took the label from gets no user at the end of a commit', async () => {
  const release = await openIn('strange-commit');
  const began = { 'commit-began': clock().toISOString() };
  await aim(client, release, { phase: 'committing', target: HOME, times: began });
  expect((await see(client, release)).stranger).toBeUndefined();
  await client.patch(copyOf(release), { metadata: { labels: { [PART_OF]: null } } });
  expect((await see(client, release)).stranger).toContain('Service api would send users to its pods');
});

it('an edit of the Service of a copy is a foreign edit, and can be taken back', async () => {
  const release = await openIn('strange-service');
  const { namespace } = release;
  const reference = { apiVersion: 'v1', kind: 'Service', namespace, name: 'api-next' };
  await client.patch(reference, { spec: { selector: { [TRACK]: 'stable' } } });
  const driven = await look(release);
  expect(driven).toMatchObject({ ended: 'open', waitingFor: 'foreign-edit' });
  expect(driven.ended === 'open' && driven.says).toContain('of Service api-next');
  expect(await look(release, decided('continue', 'foreign-edit'))).toMatchObject({ waitingFor: 'qa' });
  expect(await selectorOf(release, 'api-next')).toEqual({ app: 'api', [TRACK]: 'next' });
});

it('users are not sent to a stable whose pods lack the label that a narrowed Service selects', async () => {
  const release = await openIn('strange-stable');
  const stable = { ...copyOf(release), name: 'api' };
  await client.patch(stable, { spec: { template: { metadata: { labels: { [TRACK]: null } } } } });
  await untilReady(client, release.namespace, 'api');
  const rejected = await look(release, decided('reject'));
  expect(rejected).toMatchObject({ ended: 'open', waitingFor: 'stable' });
  expect(rejected.ended === 'open' && rejected.says).toContain(
    `the pods of Deployment api lack the label ${TRACK}: stable`,
  );
  expect(await selectorOf(release)).toEqual({ app: 'api' });
  expect(await readDeployment(client, release.namespace, 'api-next')).toBeDefined();
  await client.patch(stable, { spec: { template: { metadata: { labels: { [TRACK]: 'stable' } } } } });
  await untilReady(client, release.namespace, 'api');
  expect(await look(release)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  expect(await selectorOf(release)).toEqual({ app: 'api' });
});

it('a deploy that was cut off in its first half is undone by the same one, which begins again', async () => {
  const namespace = await createNamespace(client, 'cut-off');
  await serveFirst(client, namespace, version(1));
  const begun = await deployInSteps(client, namespace, version(2), STRATEGY);
  const { brought: _, ...times } = begun.steps?.times ?? { expires: '' };
  await changeRecord(client, begun, record => ({
    ...record,
    ...(record.steps === undefined ? {} : { steps: { ...record.steps, times } }),
  }));
  const again = await deployInSteps(client, namespace, version(2), STRATEGY);
  expect(again.number).toBe(3);
  expect(again.steps?.times.brought).toBeDefined();
  expect(await readRelease(client, begun, begun.number)).toMatchObject({ verdict: 'rolled-back' });
  expect(await readDeployment(client, namespace, 'api-next')).toBeDefined();
});
