import { expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { workload } from '@slipway/testkit/objects';
import { deployObjects, recordOf, rewriteRecord } from '@slipway/testkit/releases';
import { useBundle } from './bundle-on-testbed.ts';

const bundle = useBundle({ parts: ['cluster'], nodes: 2 });

const STEPS: NonNullable<Release['steps']> = {
  ...{ phase: 'baking', stable: { release: 1 } },
  times: { 'commit-began': null },
};

it('a release in steps gets no verdict, however healthy it is', async () => {
  const namespace = await bundle.newNamespace();
  const release = await deployObjects(bundle.client, { namespace }, [workload('api')]);
  await rewriteRecord(bundle.client, release, { steps: STEPS });
  const before = await recordOf(bundle.client, namespace, 1);
  const step = await bundle.verify({ release: '1', namespace });
  expect(step.exitCode).toBe(1);
  expect(step.outputs['verdict']).toBeUndefined();
  expect(step.outputs['error']).toBe('release-in-steps');
  expect(step.log).toContain('release 1 of shop/staging goes in steps and is "baking"');
  expect(await recordOf(bundle.client, namespace, 1)).toEqual(before);
  expect(before.verdict).toBeUndefined();
});

it('a record that is in steps by then is closed by no post step of a verification that was killed', async () => {
  const namespace = await bundle.newNamespace();
  const release = await deployObjects(bundle.client, { namespace }, [workload('api', 'never-ready')]);
  const stop = new AbortController();
  const onLine = (line: string): void => {
    if (/Deployment .* \(0 of 1 settled\)/.test(line)) stop.abort('SIGKILL');
  };
  const killed = await bundle.verify({ release: '1', namespace }, undefined, { signal: stop.signal, onLine });
  await rewriteRecord(bundle.client, release, { steps: STEPS });
  const before = await recordOf(bundle.client, namespace, 1);
  const post = await bundle.verify({ release: '1', namespace }, undefined, { postOf: killed });
  expect(post.log).not.toContain('is closed');
  expect(await recordOf(bundle.client, namespace, 1)).toEqual(before);
});
