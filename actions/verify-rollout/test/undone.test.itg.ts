import { expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError, silentLogger } from '@slipway/core';
import { closeRelease } from '@slipway/release';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import type { VerifyContext } from '../src/context.ts';
import { conclude } from '../src/end/conclude.ts';
import { watchAgain } from './watch-again.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

/** What of a run matters once there is a verdict. */
const context = {
  inputs: { lockTimeout: 5_000, reason: '' },
  runner: {
    context: { runUrl: '', repository: 'acme/shop', actor: 'someone' },
    signal: new AbortController().signal,
    logger: silentLogger,
    group: <Result>(_: string, work: () => Promise<Result>) => work(),
  },
} as unknown as VerifyContext;

const terms = { stableFor: 0, timeout: 5_000, deadline: undefined, windows: {} } as const;

/** A cluster that refuses each write of an object of this name, other than in a dry run. */
function refusing(inner: ClusterClient, name: string): ClusterClient {
  return {
    ...inner,
    within: limit => refusing(inner.within(limit), name),
    apply: async (object, options) => {
      if (options.dryRun !== true && object.metadata.name.startsWith(name))
        throw new SlipwayError({ code: 'cluster-refused', message: `no ${name} today` });
      return await inner.apply(object, options);
    },
  };
}

it.each(['rolled-back', 'rollback-failed'] as const)(
  'a release that another run closed as %s meanwhile has that verdict, however well it looked',
  async verdict => {
    const namespace = await createNamespace(client, `undone-${verdict}`);
    const release = await deployObjects(client, { namespace }, [configMap('settings', {})]);
    const result = await watchAgain(client, release);
    expect(result.verdict).toBe('succeeded');
    await closeRelease(client, release, verdict, () => new Date());
    const outcome = await conclude({
      ...{ client, release, context, note: () => {} },
      watched: { result, changes: [], checks: [] },
      plan: { ...terms, onFailure: 'report', rules: undefined, checks: [] },
    });
    expect(outcome).toEqual({
      verdict,
      summary: `${result.summary}, but another run closed the release as ${verdict} in the meantime`,
    });
    expect(await recordOf(client, namespace, 1)).toMatchObject({ verdict });
  },
);

it('a rollback that stops on its way is in the verdict, as what a plan without the cluster is made from', async () => {
  const namespace = await createNamespace(client, 'stopped-rollback');
  const objects = (value: string) => [configMap('first', { value }), configMap('second', { value })];
  await close(client, await deployObjects(client, { namespace }, objects('good')));
  const release: Release = await deployObjects(client, { namespace }, objects('bad'));
  const result = { ...(await watchAgain(client, release)), verdict: 'failed', summary: 'It failed' } as const;
  const outcome = await conclude({
    ...{ client: refusing(client, 'second'), release, context, note: () => {} },
    watched: { result, changes: [], checks: [] },
    plan: { ...terms, onFailure: 'rollback', rules: undefined, checks: [] },
  });
  expect(outcome).toMatchObject({
    verdict: 'rollback-failed',
    rolledBackTo: { release: 1, as: 3 },
    summary: expect.stringContaining('Release 3, which was to put release 1 back, stopped on its way'),
  });
  expect(outcome.rolledBackTo).not.toHaveProperty('restored');
  expect(await recordOf(client, namespace, 3)).toMatchObject({ verdict: 'failed', restores: 1 });
});
