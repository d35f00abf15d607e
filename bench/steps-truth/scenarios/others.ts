import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@slipway/testkit/cluster';
import { autoscaler } from '@slipway/testkit/objects';
import { type Scenario, saidBy } from '../scenario.ts';
import {
  deletePods,
  drainNode,
  killStable,
  limitPods,
  NO_SPARE,
  QUOTA,
  scale,
  stableServes,
} from './meddling.ts';
import { isBaking } from './moments.ts';
import { app, canary, FIRST, LONG, PAUSED, SECOND, WHOLE } from './shared.ts';

/** What others do meanwhile. */
export const OF_OTHERS: readonly Scenario[] = [
  canary('commit stuck', 'exit 1: rolled-back by health', {
    before: app('api', 1, NO_SPARE),
    objects: app('api', 2, NO_SPARE),
    strategy: PAUSED,
    isCommitted: true,
    async act(stage) {
      await stage.verify({ 'may-wait': 'true' });
      await limitPods(stage, 4);
      return await saidBy(stage, await stage.verify({ decision: 'continue commit' }));
    },
  }),
  canary('stable dies, and recovers', 'exit 1: open, waiting for stable; then exit 0: succeeded', {
    strategy: LONG,
    isCommitted: true,
    async act(stage) {
      const first = await stage.verifyWhile(isBaking, () => killStable(stage));
      const said = await saidBy(stage, first);
      await stage.client.delete({ ...QUOTA, namespace: stage.namespace });
      await until(() => stableServes(stage));
      return `${said}; then ${await saidBy(stage, await stage.verify())}`;
    },
  }),
  canary(
    'a foreign patch of the selector, and a reject',
    'exit 1: open, waiting for foreign-edit; then exit 0: rolled-back by decision',
    {
      strategy: LONG,
      async act(stage) {
        const first = await stage.verifyWhile(isBaking, () =>
          stage.client.patch(
            { apiVersion: 'v1', kind: 'Service', namespace: stage.namespace, name: 'api' },
            { spec: { selector: { 'slipway.dev/track': 'stable' } } },
          ),
        );
        const said = await saidBy(stage, first);
        return `${said}; then ${await saidBy(stage, await stage.verify({ decision: 'reject' }))}`;
      },
    },
  ),
  canary('it expires', 'exit 1: rolled-back by expires', {
    strategy: { ...PAUSED, expires: '25s' },
    async act(stage) {
      await stage.verify({ 'may-wait': 'true' });
      const { expires = '' } = (await stage.record(2)).steps?.times ?? {};
      await sleep(Math.max(0, new Date(expires).getTime() - Date.now()) + 2_000);
      return await saidBy(stage, await stage.verify({ 'may-wait': 'true' }));
    },
  }),
  canary('it expires at 100 %', 'exit 1: open, waiting for commit', {
    strategy: {
      ...{ steps: [{ weight: 0 }, { weight: 100, bake: '2s', pause: 'commit', unwatched: true }] },
      ...{ drain: '1s', expires: '150s' },
    },
    async act(stage) {
      await stage.verify({ 'may-wait': 'true' });
      const { expires = '' } = (await stage.record(2)).steps?.times ?? {};
      await sleep(Math.max(0, new Date(expires).getTime() - Date.now()) + 2_000);
      return await saidBy(stage, await stage.verify({ 'may-wait': 'true' }));
    },
  }),
  canary('an autoscaler gives stable twice as many pods', 'exit 0: succeeded with a copy of 2', {
    before: [...FIRST, autoscaler('api')],
    objects: [...SECOND, autoscaler('api')],
    strategy: LONG,
    isCommitted: true,
    async act(stage) {
      let size = 0;
      const said = await stage.verifyWhile(isBaking, async () => {
        await scale(stage, 6);
        await until(async () => {
          size = (await stage.record(2)).steps?.target.sizes['api'] ?? 0;
          return size !== 1;
        });
      });
      return `${await saidBy(stage, said)} with a copy of ${size}`;
    },
  }),
  canary('a node with a pod of the copy is drained', 'exit 0: succeeded', {
    strategy: LONG,
    isCommitted: true,
    async act(stage) {
      return await saidBy(stage, await stage.verifyWhile(isBaking, () => drainNode(stage)));
    },
  }),
  canary('a node with pods of the copy is drained at 100 %', 'exit 0: succeeded', {
    strategy: WHOLE,
    isCommitted: true,
    async act(stage) {
      return await saidBy(stage, await stage.verifyWhile(isBaking, () => drainNode(stage)));
    },
  }),
  canary('a pod of the copy is evicted', 'exit 0: succeeded', {
    strategy: LONG,
    isCommitted: true,
    async act(stage) {
      const said = await stage.verifyWhile(isBaking, () => deletePods(stage, 'next'));
      return await saidBy(stage, said);
    },
  }),
  canary('the runner is killed in a bake', 'exit 0: succeeded', {
    strategy: LONG,
    isCommitted: true,
    async act(stage) {
      await stage.verifyWhile(isBaking, async kill => kill.abort('SIGKILL'));
      return await saidBy(stage, await stage.verify({ 'lock-timeout': '90s' }));
    },
  }),
  canary('the run is cancelled in a bake', 'exit 1: rolled-back by decision', {
    strategy: LONG,
    async act(stage) {
      await stage.verifyWhile(isBaking, async kill => kill.abort());
      return await saidBy(stage, await stage.verify({ 'lock-timeout': '90s' }));
    },
  }),
];
