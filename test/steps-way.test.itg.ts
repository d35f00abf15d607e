import { beforeAll, describe, expect, it } from '@jest/globals';
import { readPassed } from '@slipway/registry';
import { CANARY } from './support/steps/files.ts';
import { outcome } from './support/steps/outcome.ts';
import { type Cluster, imageOf, readLive, sharesWhile, stableOf, writtenIn } from './support/steps/seen.ts';
import type { Shop } from './support/steps/shop.ts';
import { useShops } from './support/steps/use-shops.ts';

const shops = useShops();

describe('a canary', () => {
  let shop: Shop;
  let cluster: Cluster;
  const first = { number: 1, strategy: CANARY };
  const second = { number: 2, strategy: CANARY };
  const passed = async (): Promise<string | undefined> => {
    const home = { registry: shop.snapshotOf(first).registry, application: 'shop' };
    return (await readPassed(shops.registry, home, { formation: 'production', destination: 'main' }))
      ?.deploymentTag;
  };

  beforeAll(async () => {
    shop = await shops.open('canary');
    cluster = { client: shops.client, namespace: shop.namespace };
  });

  it('begins with an ordinary first release, which says why it is one', async () => {
    const deployed = await shop.deploy(first);
    expect(outcome(deployed)).toBe('succeeded');
    expect(deployed.summary).toMatch(/no release .*serves yet|first release/);
    const verified = await shop.verify({ release: deployed.outputs['release'] ?? '' });
    expect(outcome(verified)).toBe('succeeded');
    expect(verified.outputs).toMatchObject({ verdict: 'succeeded' });
    expect(await passed()).toBe('v1');
  });

  it('is brought beside what serves by deploy, and no user gets it', async () => {
    const before = await stableOf(cluster);
    const { result, shares } = await sharesWhile(cluster, () => shop.deploy(second));
    expect(outcome(result)).toBe('succeeded');
    expect(result.outputs).toMatchObject({ release: '2' });
    expect(result.annotations).toMatchObject([
      { severity: 'notice', message: expect.stringMatching(/no user gets it until verify-rollout runs/) },
    ]);
    expect(shares).toEqual(['4+0']);
    expect(await stableOf(cluster)).toEqual(before);
    expect(await imageOf(cluster, 'api-next')).toContain('a2');
    expect((await shop.recordOf(2)).steps).toMatchObject({ phase: 'starting', stable: { release: 1 } });
  });

  it('gets its shares step by step, and waits for its pause, which is not a success for promotion', async () => {
    const before = await stableOf(cluster);
    const { result, shares } = await sharesWhile(cluster, () =>
      shop.verify({ release: '2', 'may-wait': 'true' }),
    );
    expect(outcome(result)).toBe('succeeded');
    expect(result.outputs).toMatchObject({
      ...{
        verdict: 'open',
        release: '2',
        phase: 'waiting',
        step: '2',
        weight: '50',
        'waiting-for': 'commit',
      },
    });
    expect(shares.filter(share => /^4\+[014]$/.test(share))).toEqual(['4+0', '4+1', '4+4']);
    expect(result.summary).toMatch(/waits for .*commit/);
    expect(await stableOf(cluster)).toEqual(before);
    const record = await shop.recordOf(2);
    expect(record.verdict).toBeUndefined();
    expect(record.steps?.results).toMatchObject([0, 1, 2].map(at => ({ at, verdict: 'passed' })));
    expect(await passed()).toBe('v1');
  });

  it('is red where nothing says that it may wait', async () => {
    const looked = await shop.verify({ release: '2' });
    expect(looked.exitCode).toBe(1);
    expect(looked.outputs).toMatchObject({ verdict: 'open', error: 'release-open', 'waiting-for': 'commit' });
  });

  it('is committed by the decision, and all is as the manifests say', async () => {
    const decided = await shop.verify({ release: '2', decision: 'continue commit', reason: 'looks good' });
    expect(outcome(decided)).toBe('succeeded');
    expect(decided.outputs).toMatchObject({ verdict: 'succeeded', release: '2', phase: '', weight: '' });
    const { verdict, steps } = await shop.recordOf(2);
    expect(verdict).toBe('succeeded');
    expect(steps?.decisions).toMatchObject([{ what: 'continue commit', actor: 'ada', reason: 'looks good' }]);
    expect(await imageOf(cluster)).toContain('a2');
    expect(await readLive(cluster, 'Deployment', 'api-next')).toBeUndefined();
    expect(Object.keys(await writtenIn(cluster)).filter(name => name.includes('next'))).toEqual([]);
    expect((await readLive(cluster, 'Service', 'api'))?.['spec']).toMatchObject({ selector: { app: 'api' } });
    expect(await passed()).toBe('v2');
  });

  it('is what the next decision finds done already', async () => {
    const again = await shop.verify({ release: '2', decision: 'continue commit' });
    expect(outcome(again)).toBe('succeeded');
    const late = await shop.verify({ release: '2', decision: 'reject' });
    expect([late.exitCode, late.outputs['error']]).toEqual([1, 'decision-impossible']);
    const undo = await shop.verify({ release: '2', decision: 'reject', 'if-waiting-for': 'commit' });
    expect(outcome(undo)).toBe('succeeded');
    expect(await imageOf(cluster)).toContain('a2');
  });
});
