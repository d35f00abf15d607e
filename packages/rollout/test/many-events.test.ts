import { expect, it } from '@jest/globals';
import type { WatchEvent } from '@slipway/cluster';
import { silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type RolloutCluster, watchRollout } from '../src/index.ts';
import { NAMESPACE, pod, terminated, waiting } from './support/objects.ts';

const EVENTS = 50_000;

it('fifty thousand events are read within seconds, and a few lines say what they say', async () => {
  const crashing = pod('a', {
    container: { ...waiting('CrashLoopBackOff'), restartCount: 3, lastState: terminated(3) },
  });
  const event = (number: number): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `a.${number}`, namespace: NAMESPACE },
    type: 'Warning',
    reason: `BackOff${number % 100}`,
    message: 'Back-off restarting failed container '.repeat(10) + number,
    lastTimestamp: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    involvedObject: { kind: 'Pod', uid: String(crashing.metadata['uid']) },
  });
  const events = Array.from({ length: EVENTS }, (_, number) => event(number));
  const client: RolloutCluster = {
    get: async () => undefined,
    openApi: async () => undefined,
    logs: async () => '',
    listMetadata: async () => ({ resourceVersion: '1', items: [] }),
    list: async ({ kind }) => ({
      resourceVersion: '1',
      items: kind === 'Event' ? events : kind === 'Pod' ? [crashing] : [],
    }),
    async *watch(_query, _version, signal): AsyncGenerator<WatchEvent> {
      await new Promise(resolve => signal.addEventListener('abort', resolve));
    },
  };
  const result = await watchRollout({
    client,
    objects: [{ apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'a' }],
    stableFor: 0,
    timeout: 5_000,
    clock: () => new Date(),
    signal: new AbortController().signal,
    logger: silentLogger,
  });
  expect(result.verdict).toBe('failed');
  const lines = result.objects[0]?.evidence?.flatMap(evidence => evidence.lines) ?? [];
  expect(lines.length).toBeLessThan(50);
  expect(JSON.stringify(result).length).toBeLessThan(50_000);
});
