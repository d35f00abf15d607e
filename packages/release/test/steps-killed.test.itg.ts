import { expect, it } from '@jest/globals';
import { type Release, silentLogger } from '@slipway/core';
import type { Part } from '@slipway/steps';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { requestFor } from '@slipway/testkit/releases';
import {
  applyRelease,
  closeStepped,
  listReleases,
  prepareRelease,
  reachPart,
  readRelease,
} from '../src/index.ts';
import { clock, never } from './fixture.ts';
import { dyingClient, isKilled } from './support/dying-client.ts';
import {
  aim,
  contextOf,
  deployInSteps,
  HOME,
  reach,
  readDeployment,
  STRATEGY,
  see,
  serveFirst,
  undo,
  untilReady,
  writtenIn,
} from './support/in-steps.ts';
import { first, second } from './support/two-versions.ts';

const cluster = useCluster({ nodes: 2 });

const client = useClient(() => cluster.kubeconfig);

async function expireLock(namespace: string): Promise<void> {
  const name = 'slipway.shop.staging';
  await client.delete({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name });
}

/** Begins a release in a run that dies at its n-th write. @returns whether it died */
async function beginKilled(namespace: string, at: number): Promise<boolean> {
  const request = requestFor(namespace, second() as never, { strategy: STRATEGY });
  const prepared = await prepareRelease({ client, request });
  return await isKilled(
    applyRelease({
      client: dyingClient(client, at, at % 2 === 0),
      prepared,
      prepareAgain: locked => prepareRelease({ client: locked, request }),
      ...{ lockTimeout: 5_000, timeout: 20_000, clock, signal: never, logger: silentLogger },
      onRecorded: () => {},
    }),
  );
}

/** Reaches a part in runs that die after one write, after two, and so on, until one has none left. */
async function inPieces(release: Release, part: Part): Promise<Release> {
  for (let at = 1; ; at++) {
    const context = await contextOf(client, release);
    let reached: Release | undefined;
    const run = async () => {
      reached = await reachPart({ ...context, client: dyingClient(client, at, true) }, part, false);
    };
    if (!(await isKilled(run())) && reached !== undefined) return reached;
  }
}

it('a run that is killed at any write while it begins is undone by the next one, and stable was not written', async () => {
  const namespace = await createNamespace(client, 'steps-killed-begin');
  await serveFirst(client, namespace, first());
  const before = await writtenIn(client, namespace);
  const generation = (await readDeployment(client, namespace, 'api'))?.metadata['generation'];
  for (let at = 1; await beginKilled(namespace, at); at++) {
    await expireLock(namespace);
    const [newest] = await listReleases(client, { application: 'shop', formation: 'staging', namespace });
    const owner = { application: 'shop', formation: 'staging', namespace };
    const open = await readRelease(client, owner, newest?.number ?? 0);
    if (open.verdict === undefined)
      await closeStepped(client, await undo(client, open), 'rolled-back', clock);
    expect({ at, written: await writtenIn(client, namespace) }).toEqual({ at, written: before });
    expect((await readDeployment(client, namespace, 'api'))?.metadata['generation']).toBe(generation);
  }
});

it('a commit in pieces ends as one that was never killed', async () => {
  const namespace = await createNamespace(client, 'steps-killed-commit');
  await serveFirst(client, namespace, first());
  let release = await deployInSteps(client, namespace, second());
  await untilReady(client, namespace, 'api-next');
  release = await inPieces(await aim(client, release, { target: { at: 1, selector: 'both' } }), 'traffic');
  release = await aim(client, release, {
    ...{ phase: 'committing', times: { 'commit-began': clock().toISOString() } },
    target: { selector: 'stable' },
  });
  for (const part of ['traffic', 'last-half'] as const) release = await inPieces(release, part);
  await untilReady(client, namespace, 'api');
  release = await aim(client, release, { target: HOME });
  for (const part of ['home', 'held'] as const) release = await inPieces(release, part);
  expect(await see(client, release)).toMatchObject({
    areCopiesSized: true,
    held: 'as-released',
    lastHalf: 'written',
  });
  await closeStepped(client, release, 'succeeded', clock);
  const request = requestFor(namespace, second() as never, { strategy: STRATEGY });
  const { objects, problems } = await prepareRelease({ client, request });
  expect(problems).toEqual([]);
  expect(objects.filter(({ action }) => action !== 'unchanged' && action !== 'skip')).toEqual([]);
});

it('an undo in pieces, from the commit on, leaves what was there before', async () => {
  const namespace = await createNamespace(client, 'steps-killed-undo');
  await serveFirst(client, namespace, first());
  const before = await writtenIn(client, namespace);
  let release = await deployInSteps(client, namespace, second());
  await untilReady(client, namespace, 'api-next');
  release = await aim(client, release, {
    ...{ phase: 'committing', times: { 'commit-began': clock().toISOString() } },
    target: { at: 2, selector: 'next' },
  });
  for (const part of ['traffic', 'last-half'] as const) release = await reach(client, release, part);
  await untilReady(client, namespace, 'api');
  await undo(client, release, inPieces);
  expect(await writtenIn(client, namespace)).toEqual(before);
});
