import { expect, it } from '@jest/globals';
import { silentLogger } from '@slipway/core';
import { closeRelease } from '@slipway/release';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deployObjects, recordOf } from '@slipway/testkit/releases';
import type { VerifyContext } from '../src/context.ts';
import { conclude } from '../src/end/conclude.ts';
import { watchAgain } from './watch-again.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

/** What of a run matters once there is a verdict. */
const context = {
  inputs: { lockTimeout: 5_000 },
  runner: {
    context: { runUrl: '', repository: 'acme/shop', actor: 'someone' },
    signal: new AbortController().signal,
    logger: silentLogger,
  },
} as unknown as VerifyContext;

it.each(['rolled-back', 'rollback-failed'] as const)(
  'a release that another run closed as %s meanwhile has that verdict, however well it looked',
  async verdict => {
    const namespace = await createNamespace(client, `undone-${verdict}`);
    const release = await deployObjects(client, { namespace }, [configMap('settings', {})]);
    const result = await watchAgain(client, release);
    expect(result.verdict).toBe('succeeded');
    await closeRelease(client, release, verdict, () => new Date());
    const terms = {
      stableFor: 0,
      timeout: 5_000,
      deadline: undefined,
      windows: {},
      onFailure: 'report',
    } as const;
    const outcome = await conclude({
      ...{ client, release, context, note: () => {} },
      watched: { result, changes: [], checks: [] },
      plan: { ...terms, rules: undefined, checks: [] },
    });
    expect(outcome).toEqual({
      verdict,
      summary: `${result.summary}, but another run closed the release as ${verdict} in the meantime`,
    });
    expect(await recordOf(client, namespace, 1)).toMatchObject({ verdict });
  },
);
