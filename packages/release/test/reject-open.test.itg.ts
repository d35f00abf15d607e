import { expect, it } from '@jest/globals';
import { silentLogger } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { newestBeside, readLiveNow, rejectOpen, undoRelease } from '../src/index.ts';
import { clock, never } from './fixture.ts';
import { deployInSteps, serveFirst, writtenIn } from './support/in-steps.ts';
import { first, second } from './support/two-versions.ts';

const cluster = useCluster({ nodes: 2 });

const client = useClient(() => cluster.kubeconfig);

const run = () => ({
  ...{ client, clock, signal: never, logger: silentLogger, repository: 'acme/shop' },
  ...{ lockTimeout: 5_000, timeout: 20_000 },
});

it('a release in steps that is rejected leaves all as it was, and what is rolled back after it is what users have', async () => {
  const namespace = await createNamespace(client, 'steps-rejected');
  const oldest = await serveFirst(client, namespace, first());
  const before = await writtenIn(client, namespace);
  const open = await deployInSteps(client, namespace, second());
  expect(await newestBeside(client, oldest)).toBe(2);
  const closed = await rejectOpen({
    ...run(),
    ...{ release: open, holder: 'a test', as: { actor: 'octocat', run: '', reason: 'too slow' } },
  });
  expect(closed).toMatchObject({
    verdict: 'rolled-back',
    steps: { decisions: [{ what: 'reject', actor: 'octocat', reason: 'too slow' }] },
  });
  expect(await writtenIn(client, namespace)).toEqual(before);
  expect((await readLiveNow(client, closed))?.number).toBe(1);
  expect(await newestBeside(client, oldest)).toBe(2);
  const restored = await undoRelease({
    ...{ ...run(), release: oldest, to: 1, actor: 'octocat', run: '', reason: 'x' },
  });
  expect(restored).toMatchObject({ number: 3, rollbackOf: 1, restores: 1 });
  expect(await newestBeside(client, oldest)).toBe(2);
});
