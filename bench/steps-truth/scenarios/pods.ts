import { service } from '@slipway/testkit/objects';
import type { Scenario } from '../scenario.ts';
import { app, BLUE_GREEN, CANARY, canary, FIRST } from './shared.ts';

const CRASHING = { behaviour: 'crash-loop' };
const STAYS: Scenario['strategy'] = { steps: [{ weight: 25, bake: '60s' }], drain: '1s' };

/** What the pods of the new version do. */
export const OF_PODS: readonly Scenario[] = [
  canary('good', 'exit 0: succeeded', { isCommitted: true }),
  canary('crashes at once', 'exit 1: rolled-back by health', {
    objects: app('api', 2, CRASHING),
    reason: /crash|exit/i,
  }),
  canary('crashes at 25 %', 'exit 1: rolled-back by health', {
    objects: app('api', 2, { ...CRASHING, delay: 15 }),
    strategy: STAYS,
    reason: /crash|exit/i,
  }),
  canary('image missing', 'exit 1: rolled-back by health', {
    objects: app('api', 2, { behaviour: 'image-pull' }),
    reason: /image/i,
  }),
  canary('bad config', 'exit 1: rolled-back by health', {
    objects: app('api', 2, { behaviour: 'config-error' }),
  }),
  canary('never ready', 'exit 1: rolled-back by health', {
    objects: app('api', 2, { behaviour: 'never-ready' }),
  }),
  canary('crashes at 100 %', 'exit 1: rolled-back by health', {
    objects: app('api', 2, { ...CRASHING, delay: 20 }),
    strategy: { steps: [{ weight: 0 }, { weight: 100, bake: '60s' }], drain: '1s' },
    reason: /crash|exit/i,
  }),
  canary('worker', 'exit 0: succeeded', {
    before: workers(1),
    objects: workers(2),
    strategy: { ...CANARY, workloads: ['api', { name: 'mailer', 'takes-work': true }] },
    isCommitted: true,
  }),
  canary('three services', 'exit 0: succeeded', {
    before: ['api', 'web', 'auth'].flatMap(name => app(name, 1)),
    objects: ['api', 'web', 'auth'].flatMap(name => app(name, 2)),
    isCommitted: true,
  }),
  canary('three services, one of which crashes', 'exit 1: rolled-back by health', {
    before: ['api', 'web', 'auth'].flatMap(name => app(name, 1)),
    objects: ['api', 'web'].flatMap(name => app(name, 2)).concat(app('auth', 2, CRASHING)),
    reason: /auth/,
  }),
  canary('dark launch', 'exit 0: succeeded', {
    strategy: { steps: [{ weight: 0, bake: '5s' }], drain: '1s' },
    isCommitted: true,
  }),
  canary('blue/green, let go on twice', 'exit 0: succeeded', {
    before: FIRST,
    strategy: BLUE_GREEN,
    isCommitted: true,
    async act({ verify, record }) {
      await verify({ 'may-wait': 'true' });
      await verify({ decision: 'continue qa', 'may-wait': 'true' });
      const { target } = (await record(2)).steps ?? {};
      const { exitCode } = await verify({ decision: 'continue commit' });
      if (target?.selector !== 'next') return `users were at ${target?.selector}`;
      return `exit ${exitCode}: ${(await record(2)).verdict}`;
    },
  }),
  canary('blue/green, rejected at 100 %', 'exit 0: rolled-back by decision', {
    strategy: BLUE_GREEN,
    async act({ verify, record, client, namespace }) {
      await verify({ 'may-wait': 'true' });
      await verify({ decision: 'continue qa', 'may-wait': 'true' });
      const { exitCode } = await verify({ decision: 'reject' });
      const { verdict, steps } = await record(2);
      const live = await client.get({ ...SERVICE, namespace });
      const selector = JSON.stringify((live?.['spec'] as { selector: unknown } | undefined)?.selector);
      if (selector !== JSON.stringify({ app: 'api' })) return `the Service selects ${selector}`;
      return `exit ${exitCode}: ${verdict} by ${steps?.undo?.by}`;
    },
  }),
];

const { apiVersion, kind, metadata } = service('api');
const SERVICE = { apiVersion, kind, name: metadata.name };

/** One that is asked, and one that takes its work from a queue. */
function workers(version: number): Scenario['objects'] {
  const [mailer] = app('mailer', version);
  return [...app('api', version), ...(mailer === undefined ? [] : [mailer])];
}
