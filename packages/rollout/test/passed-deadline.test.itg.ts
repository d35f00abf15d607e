import { expect, it } from '@jest/globals';
import { deployment } from '@slipway/testkit/objects';
import { useLiveCluster } from './support/live-cluster.ts';

const live = useLiveCluster();

/** Several at once, as the old condition is beside the new generation for milliseconds only. */
const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'];

it.concurrent.each(NAMES)(
  'a good version that is applied again after a worse one passed its deadline succeeds (%s)',
  async name => {
    const options = { replicas: 1, spec: { progressDeadlineSeconds: 5 } };
    const good = deployment(name, options);
    const once = { stableFor: 0 };
    expect((await live.watch(await live.apply(good), once)).verdict).toBe('succeeded');
    const worse = deployment(name, {
      ...options,
      behaviour: 'never-ready',
      container: { image: 'shop/main:2' },
    });
    const { summary } = await live.watch(await live.apply(worse), once);
    expect(summary).toMatch(/it made no progress within its progressDeadlineSeconds/);
    const { apiVersion, kind } = good;
    const expected = { ...good, metadata: { name, namespace: live.namespace } };
    const watching = live.watch([{ apiVersion, kind, namespace: live.namespace, name, expected }], once);
    await live.apply(good);
    const { verdict, summary: end } = await watching;
    expect([verdict, end]).toEqual(['succeeded', expect.stringContaining('stayed ready')]);
  },
);
