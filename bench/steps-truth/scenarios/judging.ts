import { GOOD } from '../play.ts';
import { type Scenario, saidBy } from '../scenario.ts';
import { BOUND, judged, LATENCY } from './shared.ts';

const NO_ONE = 'http://127.0.0.1:9';

/** What Prometheus knows of both versions. */
export const OF_JUDGING: readonly Scenario[] = [
  judged('good, as Prometheus says', {}, 'exit 0: succeeded', { isCommitted: true }),
  judged('3 % errors', { bad: 3 }, 'exit 1: rolled-back by judgement', { reason: /errors/ }),
  judged('slower by 50 %', { slowness: 1.5 }, 'exit 1: rolled-back by judgement', { reason: /latency/ }),
  judged('slower by 10 %, which the margin allows', { slowness: 1.1 }, 'exit 0: succeeded', {
    isCommitted: true,
  }),
  judged('quiet', { requests: 0 }, 'exit 1: open, waiting for step-1', { reason: /requests|value/ }),
  judged('quiet, and taken back for that', { requests: 0 }, 'exit 1: rolled-back by judgement', {
    strategy: { steps: [{ weight: 25, bake: '15s' }], drain: '1s', 'on-inconclusive': 'reject' },
  }),
  judged('NaN', { requests: 0 }, 'exit 1: open, waiting for step-1', {
    checks: [LATENCY],
    reason: /NaN|value/,
  }),
  judged('Prometheus away', {}, 'exit 1: open, waiting for step-1', { prometheus: NO_ONE }),
  judged('Prometheus away, and let go on', {}, 'exit 0: succeeded', {
    prometheus: NO_ONE,
    isCommitted: true,
    async act(stage) {
      await stage.verify({ 'may-wait': 'true' });
      return await saidBy(stage, await stage.verify({ decision: 'continue step-1' }));
    },
  }),
  judged('the database is down for both', {}, 'exit 1: rolled-back by judgement', {
    checks: [BOUND],
    strategy: { steps: [{ weight: 25, bake: '40s' }], drain: '1s' },
    play: { stable: { ...GOOD, bad: 20 }, next: { ...GOOD, bad: 20 } },
    reason: /error-share/,
  }),
];
