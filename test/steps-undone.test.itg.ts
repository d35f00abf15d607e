import { describe, expect, it } from '@jest/globals';
import type { StepResult } from '@slipway/testbed/runner';
import { BLUE_GREEN, CANARY } from './support/steps/files.ts';
import { failure, outcome } from './support/steps/outcome.ts';
import { imageOf, readLive, shareOf, sharesWhile, stableOf, writtenIn } from './support/steps/seen.ts';
import { openServing } from './support/steps/serving.ts';
import type { Shop } from './support/steps/shop.ts';
import { useShops } from './support/steps/use-shops.ts';

const shops = useShops();
const at = ({ namespace }: Shop) => ({ client: shops.client, namespace });

/** Long enough that a bake never ends before what a test does in it. */
const ENDLESS = '{workloads: [api], steps: [{weight: 20, bake: 1h}], attend: 2h, drain: 0s}';
const SECOND = { number: 2, strategy: CANARY };

/** What is written, and by whom stable was written last. */
async function stateOf(shop: Shop): Promise<unknown> {
  return { written: await writtenIn(at(shop)), stable: await stableOf(at(shop)) };
}

/** Does something once the step has said a line. */
async function once(
  said: RegExp,
  step: (onLine: (line: string) => void) => Promise<StepResult>,
  work: () => Promise<StepResult> | undefined,
): Promise<readonly [StepResult, StepResult | undefined]> {
  let other: Promise<StepResult> | undefined;
  let isSaid = false;
  const result = await step(line => {
    if (isSaid || !said.test(line)) return;
    isSaid = true;
    other = work();
  });
  if (!isSaid) throw new Error(`the step did not say ${said}:\n${result.log}`);
  return [result, await other];
}

describe('a release that is rejected', () => {
  it('before any user has it leaves all as it was, and says who rejected it', async () => {
    const shop = await openServing(shops, 'reject-early', { strategy: CANARY });
    const before = await stateOf(shop);
    expect(outcome(await shop.deploy(SECOND))).toBe('succeeded');
    const rejected = await shop.verify({ release: '2', decision: 'reject', reason: 'wrong build' });
    expect(outcome(rejected)).toBe('succeeded');
    expect(rejected.outputs).toMatchObject({ verdict: 'rolled-back', phase: '', weight: '' });
    expect(rejected.summary).toContain('ada rejected it &#40;wrong build&#41;');
    expect(await stateOf(shop)).toEqual(before);
    expect(await shop.recordOf(2)).toMatchObject({
      verdict: 'rolled-back',
      steps: { undo: { by: 'decision' }, decisions: [{ what: 'reject', reason: 'wrong build' }] },
    });
  });

  it('at its pause leaves all as it was', async () => {
    const shop = await openServing(shops, 'reject-pause', { strategy: CANARY });
    const before = await stateOf(shop);
    expect(outcome(await shop.deploy(SECOND))).toBe('succeeded');
    expect(outcome(await shop.verify({ release: '2', 'may-wait': 'true' }))).toBe('succeeded');
    expect(await shareOf(at(shop))).toBe('4+4');
    const rejected = await shop.verify({ release: '2', decision: 'reject', 'if-waiting-for': 'commit' });
    expect(outcome(rejected)).toBe('succeeded');
    expect(await stateOf(shop)).toEqual(before);
    expect(await shareOf(at(shop))).toBe('4+0');
    const late = await shop.verify({ release: '2', decision: 'continue commit' });
    expect(failure(late)).toBe('decision-impossible');
  });

  it('in a bake that another run watches makes that run red, and leaves all as it was', async () => {
    const shop = await openServing(shops, 'reject-bake', { strategy: ENDLESS });
    const before = await stateOf(shop);
    expect(outcome(await shop.deploy({ number: 2, strategy: ENDLESS }))).toBe('succeeded');
    const [watched, rejected] = await once(
      /Step 1 is reached/,
      onLine => shop.verify({ release: '2', 'may-wait': 'true' }, { onLine }),
      () => shop.verify({ release: '2', decision: 'reject' }),
    );
    expect(rejected && outcome(rejected)).toBe('succeeded');
    expect([watched.exitCode, watched.outputs['verdict']]).toEqual([1, 'rolled-back']);
    expect(await stateOf(shop)).toEqual(before);
  });

  it('while it is committed is rolled back, and users have what they had', async () => {
    const strategy = '{workloads: [api], steps: [{weight: 50}], drain: 0s}';
    const shop = await openServing(shops, 'reject-commit', { strategy });
    const before = await writtenIn(at(shop));
    const slow = { number: 2, strategy, behaviour: 'slow', delay: 20 };
    expect(outcome(await shop.deploy(slow))).toBe('succeeded');
    const [, rejected] = await once(
      /It is committed: stable is written from now on/,
      onLine => shop.verify({ release: '2' }, { onLine }),
      () => shop.verify({ release: '2', decision: 'reject' }),
    );
    expect(rejected && outcome(rejected)).toBe('succeeded');
    expect(rejected?.outputs).toMatchObject({ verdict: 'rolled-back' });
    expect(await imageOf(at(shop))).toContain('a1');
    expect(Object.keys(await writtenIn(at(shop))).sort()).toEqual(Object.keys(before).sort());
    expect((await readLive(at(shop), 'Service', 'api'))?.['spec']).toMatchObject({
      selector: { app: 'api' },
    });
    expect(await shareOf(at(shop))).toBe('4+0');
  });
});

describe('blue/green', () => {
  it('waits with a whole copy that no user has, switches all users at once, and back at once', async () => {
    const shop = await openServing(shops, 'blue-green', { strategy: BLUE_GREEN });
    const before = await stateOf(shop);
    expect(outcome(await shop.deploy({ number: 2, strategy: BLUE_GREEN }))).toBe('succeeded');
    const tried = await shop.verify({ release: '2', 'may-wait': 'true' });
    expect(outcome(tried)).toBe('succeeded');
    expect(tried.outputs).toMatchObject({ 'waiting-for': 'qa', weight: '0', verdict: 'open' });
    expect([await shareOf(at(shop)), await shareOf(at(shop), 'api-next')]).toEqual(['4+0', '0+4']);
    const switched = await sharesWhile(at(shop), () =>
      shop.verify({ release: '2', decision: 'continue qa', 'may-wait': 'true' }),
    );
    expect(outcome(switched.result)).toBe('succeeded');
    expect(switched.result.outputs).toMatchObject({ 'waiting-for': 'commit', weight: '100' });
    expect(switched.shares).toEqual(['4+0', '0+4']);
    const back = await sharesWhile(at(shop), () => shop.verify({ release: '2', decision: 'reject' }));
    expect(outcome(back.result)).toBe('succeeded');
    expect(back.shares).toEqual(['0+4', '4+0']);
    expect(await stateOf(shop)).toEqual(before);
  });
});

describe('a copy that crashes with a fifth of the users', () => {
  it('is undone, and the step is red and says why', async () => {
    const shop = await openServing(shops, 'crash', { strategy: ENDLESS });
    const before = await stateOf(shop);
    const crashing = { number: 2, strategy: ENDLESS, behaviour: 'crash-loop', delay: 45 };
    expect(outcome(await shop.deploy(crashing))).toBe('succeeded');
    const { result, shares } = await sharesWhile(at(shop), () =>
      shop.verify({ release: '2', 'may-wait': 'true' }),
    );
    expect([result.exitCode, result.outputs]).toMatchObject([
      1,
      { verdict: 'rolled-back', error: 'rolled-back', 'waiting-for': '' },
    ]);
    expect(shares).toContain('4+1');
    expect(result.summary).toMatch(/undone: .*api-next.*crash/);
    expect(await stateOf(shop)).toEqual(before);
    expect((await shop.recordOf(2)).steps?.undo).toMatchObject({ by: 'health' });
  });
});
