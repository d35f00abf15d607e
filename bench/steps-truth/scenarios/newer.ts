import type { Scenario, Stage } from '../scenario.ts';
import { isBaking, isIn } from './moments.ts';
import { canary, LONG, PAUSED, THIRD } from './shared.ts';

/** A newer deploy comes. */
export const OF_NEWER: readonly Scenario[] = [
  canary('superseded as it starts', '2: superseded, 3: starting', {
    act: async stage => await superseded(stage, async () => {}),
  }),
  canary('superseded in a bake', '2: superseded, 3: starting', {
    strategy: LONG,
    async act(stage) {
      let said = '';
      await stage.verifyWhile(isBaking, async () => {
        said = await superseded(stage, async () => {});
      });
      return said;
    },
  }),
  canary('superseded at a pause, which is refused', 'release-in-steps; 2: open, none', {
    strategy: PAUSED,
    act: async stage => await superseded(stage, () => stage.verify({ 'may-wait': 'true' })),
  }),
  canary('superseded in its commit, which ends first', '2: succeeded, 3: starting', {
    strategy: PAUSED,
    isCommitted: true,
    act: async stage =>
      await superseded(stage, async () => {
        await stage.verify({ 'may-wait': 'true' });
        await stage.verifyWhile(isIn('committing'), async kill => kill.abort('SIGKILL'), {
          decision: 'continue commit',
        });
      }),
  }),
  canary('superseded as it is undone, which ends first', '2: rolled-back, 3: starting', {
    strategy: { ...PAUSED, drain: '5s' },
    act: async stage =>
      await superseded(stage, async () => {
        await stage.verify({ 'may-wait': 'true' });
        await stage.verifyWhile(isIn('undoing'), async kill => kill.abort('SIGKILL'), {
          decision: 'reject',
        });
      }),
  }),
];

async function superseded(stage: Stage, first: () => Promise<unknown>): Promise<string> {
  await first();
  const refused = await stage.deploy(THIRD);
  const { verdict = 'open' } = await stage.record(2);
  const newest = await stage.record(3).catch(() => undefined);
  const next = `2: ${verdict}, ${newest === undefined ? 'none' : `3: ${newest.steps?.phase}`}`;
  return [...refused, next].join('; ');
}
