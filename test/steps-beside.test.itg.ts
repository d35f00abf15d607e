import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { StepResult } from '@slipway/testbed/runner';
import { until } from '@slipway/testkit/cluster';
import { CANARY } from './support/steps/files.ts';
import { failure, outcome } from './support/steps/outcome.ts';
import { imageOf, readLive, shareOf, stableOf, writtenIn } from './support/steps/seen.ts';
import { openServing } from './support/steps/serving.ts';
import type { Shop } from './support/steps/shop.ts';
import { useShops } from './support/steps/use-shops.ts';

const shops = useShops();
const at = ({ namespace }: Shop) => ({ client: shops.client, namespace });
const KEY = '0f4b6d2c9e81a7355dce02b94a16f8e3c7d9055ab1e24f60';
const SECOND = { number: 2, strategy: CANARY };

/** A shop whose second version waits for its commit. */
async function openWaiting(namespace: string): Promise<Shop> {
  const shop = await openServing(shops, namespace, { strategy: CANARY });
  expect(outcome(await shop.deploy(SECOND))).toBe('succeeded');
  expect(outcome(await shop.verify({ release: '2', 'may-wait': 'true' }))).toBe('succeeded');
  return shop;
}

describe('a deploy while a release is open', () => {
  it('of the same manifests writes nothing, and says where the release is', async () => {
    const shop = await openWaiting('beside-same');
    const same = await shop.deploy(SECOND);
    expect(outcome(same)).toBe('succeeded');
    expect(same.outputs).toMatchObject({ release: '2' });
    expect(same.annotations.map(({ message }) => message).join()).toMatch(
      /Nothing was written, .* at 50 %, waiting for commit/,
    );
    expect(await shareOf(at(shop))).toBe('4+4');
  });

  it('is refused at a pause, and goes past it with "strategy: none" and a reason', async () => {
    const shop = await openWaiting('beside-pause');
    const refused = await shop.deploy({ number: 3, strategy: CANARY });
    expect(failure(refused)).toBe('release-in-steps');
    const hotfix = await shop.deploy(
      { number: 3, strategy: CANARY },
      { inputs: { strategy: 'none', reason: 'the shop is down' } },
    );
    expect(outcome(hotfix)).toBe('succeeded');
    expect((await shop.recordOf(3)).steps).toBeUndefined();
    expect(await shop.recordOf(2)).toMatchObject({ verdict: 'superseded' });
    expect(await imageOf(at(shop))).toContain('a3');
    expect(await readLive(at(shop), 'Deployment', 'api-next')).toBeUndefined();
    expect(failure(await shop.verify({ release: '2', 'may-wait': 'true' }))).toBe('rollout-superseded');
  });

  it('before a pause undoes it, and begins with what serves', async () => {
    const shop = await openServing(shops, 'beside-newer', { strategy: CANARY });
    const before = await stableOf(at(shop));
    expect(outcome(await shop.deploy(SECOND))).toBe('succeeded');
    expect(outcome(await shop.deploy({ number: 3, strategy: CANARY }))).toBe('succeeded');
    expect(await shop.recordOf(2)).toMatchObject({ verdict: 'superseded', steps: { undo: { by: 'newer' } } });
    expect((await shop.recordOf(3)).steps).toMatchObject({ phase: 'starting', stable: { release: 1 } });
    expect(await imageOf(at(shop), 'api-next')).toContain('a3');
    expect(await stableOf(at(shop))).toEqual(before);
  });
});

describe('a release that is open', () => {
  it('is shown by status and by the list of releases, is rejected by a rollback, and holds the formation then', async () => {
    const shop = await openWaiting('beside-rollback');
    const listed = await shop.operate({ mode: 'releases' });
    expect(outcome(listed)).toBe('succeeded');
    expect(listed.summary).toMatch(/release 2 goes in steps: step 2 of 2, at 50 %, waiting for commit/);
    const status = await shop.operate({ mode: 'status' });
    expect(status.summary).toMatch(/step 2 of 2, at 50 %, waiting for commit/);
    expect(JSON.parse(readFileSync(status.outputs['status'] ?? '', 'utf8'))).toMatchObject({
      destinations: [{ open: { release: 2, step: 2, weight: 50, waitingFor: 'commit', stable: 1 } }],
    });
    const back = await shop.operate({ mode: 'rollback', reason: 'complaints', to: '' });
    expect(outcome(back)).toBe('succeeded');
    expect(back.outputs).toMatchObject({ release: '1' });
    expect(await shop.recordOf(2)).toMatchObject({ verdict: 'rolled-back' });
    expect(await imageOf(at(shop))).toContain('a1');
    expect(failure(await shop.deploy({ number: 3, strategy: CANARY }))).toBe('formation-held');
  });

  it('is found by "release: open", is undone by the look after its end, and is nothing to do then', async () => {
    const steps = 'steps: [{weight: 20, pause: commit, unwatched: true}]';
    const strategy = `{workloads: [api], ${steps}, expires: 2s, drain: 0s}`;
    const shop = await openServing(shops, 'beside-expired', { strategy });
    const before = await writtenIn(at(shop));
    expect(outcome(await shop.verify({ release: 'open' }))).toBe('succeeded');
    expect(outcome(await shop.deploy({ number: 2, strategy }))).toBe('succeeded');
    const ends = new Date((await shop.recordOf(2)).steps?.times.expires ?? '');
    await until(async () => Date.now() > ends.getTime());
    const looked = await shop.verify({ release: 'open', 'may-wait': 'true' });
    expect([looked.exitCode, looked.outputs]).toMatchObject([1, { verdict: 'rolled-back', release: '2' }]);
    expect(looked.summary).toContain('it was open until');
    expect(await writtenIn(at(shop))).toEqual(before);
    const again = await shop.verify({ release: 'open' });
    expect(outcome(again)).toBe('succeeded');
    expect(again.log).toContain('there is nothing to do');
  });

  it('is rejected by the end of a run that is cancelled, and the next look closes it', async () => {
    const strategy = '{workloads: [api], steps: [{weight: 20, bake: 1h}], attend: 2h, drain: 0s}';
    const shop = await openServing(shops, 'beside-cancelled', { strategy });
    const before = await writtenIn(at(shop));
    expect(outcome(await shop.deploy({ number: 2, strategy }))).toBe('succeeded');
    const stop = new AbortController();
    const onLine = (line: string): void => {
      if (/Step 1 is reached/.test(line)) stop.abort();
    };
    const cancelled = await shop.verify(
      { release: '2', 'may-wait': 'true' },
      { signal: stop.signal, onLine },
    );
    expect(failure(cancelled)).toBe('cancelled');
    expect(await shareOf(at(shop))).toBe('4+0');
    expect((await shop.recordOf(2)).steps).toMatchObject({
      ...{ phase: 'undoing', undo: { by: 'decision' } },
      decisions: [{ what: 'reject', reason: 'the run was cancelled' }],
    });
    const next = await shop.verify({ release: 'open' });
    expect([next.exitCode, next.outputs['verdict']]).toEqual([1, 'rolled-back']);
    expect(await writtenIn(at(shop))).toEqual(before);
  });
});

describe('a release that cannot be carried to its end', () => {
  const ROLE = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: shop-reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
`;
  const outside = { strategy: CANARY, more: ROLE, allow: '{cluster-scoped: [ClusterRole]}' };

  it('is not begun without a key for its record, if it writes outside of its namespace', async () => {
    const shop = await openServing(shops, 'beside-unsigned', outside);
    const refused = await shop.deploy({ number: 2, ...outside });
    expect(failure(refused)).toBe('steps-unsigned');
    expect(await readLive(at(shop), 'Deployment', 'api-next')).toBeUndefined();
    const signed = await shop.deploy(
      { number: 2, ...outside },
      { inputs: { 'record-key': `${KEY}\naccept-unsigned` } },
    );
    expect(outcome(signed)).toBe('succeeded');
    const without = await shop.verify({ release: '2', 'may-wait': 'true' });
    expect(failure(without)).toBe('steps-unsigned');
    expect(await shareOf(at(shop))).toBe('4+0');
  });

  it('is not begun with a login that ends in a bake, and waits for time with one that ends in a later bake', async () => {
    const strategy = '{workloads: [api], steps: [{weight: 50, bake: 8m, unwatched: true}], drain: 0s}';
    const shop = await openServing(shops, 'beside-login', { strategy });
    const kubeconfig = await shops.kubeconfigFor('10m');
    const refused = await shop.deploy({ number: 2, strategy }, { inputs: { kubeconfig } });
    expect(failure(refused)).toBe('steps-login');
    expect(outcome(await shop.deploy({ number: 2, strategy }))).toBe('succeeded');
    const looked: StepResult = await shop.verify(
      { release: '2', 'may-wait': 'true' },
      { inputs: { kubeconfig } },
    );
    expect(outcome(looked)).toBe('succeeded');
    expect(looked.outputs).toMatchObject({ verdict: 'open', 'waiting-for': 'time', weight: '50' });
  });
});
