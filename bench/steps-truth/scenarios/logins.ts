import type { StepResult } from '@slipway/testbed/runner';
import { beginLogin, type Login } from '../login.ts';
import { type Scenario, type Stage, saidBy } from '../scenario.ts';
import { isBaking } from './moments.ts';
import { app, canary, LONG, PAUSED } from './shared.ts';

const AGAIN = { 'lock-timeout': '90s' };

/** A commit and an undo end with it, but for what was held. */
const COPY_DELETED = /^DELETE .*\/deployments\/api-next$/;

/** What a run says whose login has ended, in one sentence and no more. */
function endedBy(phase: string): string {
  return `exit 1: login-ended, and the release is ${phase}`;
}

/** Where a login ends, someone looks again with one that is valid. */
export const OF_LOGINS: readonly Scenario[] = [
  canary('a login that ends in a bake', `${endedBy('baking')}; then exit 0: succeeded`, {
    strategy: LONG,
    isCommitted: true,
    act: stage =>
      withLogin(stage, login =>
        stage.verifyWhile(isBaking, () => login.end(), { kubeconfig: login.kubeconfig }),
      ),
  }),
  canary("a login that ends before the commit's writes", `${endedBy('committing')}; then exit 0: succeeded`, {
    strategy: PAUSED,
    isCommitted: true,
    act: stage =>
      commitWithLogin(stage, /^(?:POST|PUT|PATCH) .*\/(?:deployments|services)\/api$/, 'as before'),
  }),
  canary(
    "a login that ends between the commit's writes",
    `${endedBy('committing')}; then exit 0: succeeded`,
    {
      strategy: PAUSED,
      isCommitted: true,
      act: stage => commitWithLogin(stage, COPY_DELETED, 'written'),
    },
  ),
  canary('a login that ends in an undo', `${endedBy('undoing')}; then exit 1: rolled-back by health`, {
    objects: app('api', 2, { behaviour: 'crash-loop', delay: 15 }),
    strategy: { steps: [{ weight: 25, bake: '60s' }], drain: '1s' },
    act: stage =>
      withLogin(stage, async login => {
        login.endBefore(COPY_DELETED);
        return await stage.verify({ kubeconfig: login.kubeconfig });
      }),
  }),
];

/** @param stable how what serves has to be once the login has ended */
async function commitWithLogin(
  stage: Stage,
  before: RegExp,
  stable: 'as before' | 'written',
): Promise<string> {
  await stage.verify({ 'may-wait': 'true' });
  const generation = await generationOf(stage);
  return await withLogin(stage, async login => {
    login.endBefore(before);
    const step = await stage.verify({ decision: 'continue commit', kubeconfig: login.kubeconfig });
    const is = (await generationOf(stage)) === generation ? 'as before' : 'written';
    if (is !== stable) throw new Error(`stable is ${is}, and has to be ${stable}`);
    return step;
  });
}

async function withLogin(stage: Stage, work: (login: Login) => Promise<StepResult>): Promise<string> {
  const login = await beginLogin(stage);
  try {
    const first = await ended(stage, await work(login));
    return `${first}; then ${await saidBy(stage, await stage.verify(AGAIN))}`;
  } finally {
    login.close();
  }
}

async function ended(stage: Stage, { exitCode, outputs, annotations }: StepResult): Promise<string> {
  const { verdict, steps } = await stage.record(2);
  const errors = annotations.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const more = errors.length === 1 ? '' : `, with ${errors.length} errors: ${errors.join(' / ')}`;
  return `exit ${exitCode}: ${outputs['error']}, and the release is ${verdict ?? steps?.phase}${more}`;
}

async function generationOf({ client, namespace }: Stage): Promise<unknown> {
  const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
  return live?.metadata['generation'];
}
