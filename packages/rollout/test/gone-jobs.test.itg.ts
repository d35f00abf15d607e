import { describe, expect, it } from '@jest/globals';
import type { ObjectReference } from '@slipway/kubernetes';
import { until } from '@slipway/testkit/cluster';
import { job } from '@slipway/testkit/objects';
import { useLiveCluster } from './support/live-cluster.ts';

const live = useLiveCluster();

const REMOVED_AT_ONCE = { ttlSecondsAfterFinished: 0 };

const untilGone = (reference: ObjectReference): Promise<void> =>
  until(async () => (await live.client.get(reference)) === undefined);

/** Deletes the events of a Job once the last one, that it completed, is written. */
async function forgetEvents(uid: string | undefined): Promise<void> {
  const query = { apiVersion: 'v1', kind: 'Event', namespace: live.namespace };
  const list = () => live.client.list({ ...query, fieldSelector: `involvedObject.uid=${uid}` });
  await until(async () => (await list()).items.some(({ reason }) => reason === 'Completed'));
  for (const { metadata } of (await list()).items)
    await live.client.delete({ ...query, name: metadata.name });
}

describe('a Job that is removed', () => {
  it.concurrent.each<[string, string | undefined, string, RegExp]>([
    ['succeeded', undefined, 'succeeded', /became ready/],
    ['failed', 'crash-loop', 'failed', /its pods failed too often/],
  ])('as soon as it has %s is watched to its end', async (name, behaviour, verdict, words) => {
    const spec = REMOVED_AT_ONCE;
    const removed = job(`watched-${name}`, { spec, ...(behaviour === undefined ? {} : { behaviour }) });
    const result = await live.watch(await live.apply(removed), { stableFor: 0 });
    expect([result.verdict, result.summary]).toEqual([verdict, expect.stringMatching(words)]);
    expect(result.ran).toHaveLength(verdict === 'succeeded' ? 1 : 0);
  });

  it.concurrent.each<[string, string | undefined, string, RegExp]>([
    ['succeeded', undefined, 'succeeded', /became ready/],
    ['failed', 'crash-loop', 'failed', /its pods failed too often/],
  ])(
    'after it has %s, before anyone looked, is judged by its event',
    async (name, behaviour, verdict, words) => {
      const spec = REMOVED_AT_ONCE;
      const removed = job(`told-${name}`, { spec, ...(behaviour === undefined ? {} : { behaviour }) });
      const applied = await live.apply(removed);
      await untilGone({
        apiVersion: 'batch/v1',
        kind: 'Job',
        namespace: live.namespace,
        name: `told-${name}`,
      });
      const result = await live.watch(applied, { stableFor: 0 });
      expect([result.verdict, result.summary]).toEqual([verdict, expect.stringMatching(words)]);
    },
  );

  it.concurrent('by someone while it runs has failed', async () => {
    const applied = await live.apply(job('cut-off', { behaviour: 'never-ready' }));
    const watching = live.watch(applied, {
      stableFor: 0,
      onChange: ({ status }) => {
        if (status === 'in-progress') void live.client.delete(applied[0] as ObjectReference);
      },
    });
    const { verdict, summary, ran } = await watching;
    expect([verdict, ran]).toEqual(['failed', []]);
    expect(summary).toMatch(/cut-off failed: it (was deleted before it had completed|is being deleted)/);
  });

  it.concurrent('and of which nothing is known any more has not been seen to complete, so it fails', async () => {
    const applied = await live.apply(job('unknown', { spec: REMOVED_AT_ONCE }));
    await untilGone(applied[0] as ObjectReference);
    await forgetEvents(applied[0]?.uid);
    const { verdict, summary } = await live.watch(applied, { stableFor: 0 });
    expect([verdict, summary]).toEqual([
      'failed',
      expect.stringMatching(/it no longer exists, and it is not known whether it completed/),
    ]);
    const before = applied.map(object => ({ ...object, ran: true }));
    expect((await live.watch(before, { stableFor: 0 })).verdict).toBe('succeeded');
  });
});
