import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowFiles } from '@slipway/workflows';
import { load } from 'js-yaml';
import type { Stage } from '../demo/stage.ts';
import { SECRETS } from '../demo/workflows.ts';
import { describeApplication } from '../packages/cli/src/workflows/describe.ts';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { liveImages, openShop, type ShopUnderAct } from './support/shop-under-act.ts';
import { liveImage, liveObjects } from './support/stage.ts';

const MINUTES = 60_000;

let stage: Stage;
let shop: ShopUnderAct['shop'];
let common: ShopUnderAct['options'];
let release: WorkflowRun;
let promotion: WorkflowRun;
let second: WorkflowRun;
let status: WorkflowRun;
let rollback: WorkflowRun;
let unconfirmed: WorkflowRun;
let destruction: WorkflowRun;
let rebuild: WorkflowRun;
let together: readonly WorkflowRun[];
let held: WorkflowRun;
let lifted: WorkflowRun;
let before: string | undefined;
let after: string | undefined;

beforeAll(async () => {
  ({ stage, shop, options: common } = await openShop(useLocalActions));
  release = await runWorkflow({ ...common, file: 'release.yml', event: 'push' });
  promotion = await byHand('promote.yml', { reason: 'the shop opens' });
  before = await currency();
  await shop.commit('Take dollars', {
    'stencils/settings.yaml': text => text.replace(/CURRENCY: .*/, 'CURRENCY: USD'),
  });
  second = await runWorkflow({ ...common, file: 'release.yml', event: 'push' });
  after = await currency();
  status = await byHand('status.yml', {});
  rollback = await byHand('rollback.yml', { formation: 'staging', reason: 'no one has dollars' });
}, 20 * MINUTES);

afterAll(async () => {
  await stage?.testbed.stop();
});

async function byHand(file: string, inputs: Readonly<Record<string, string>>): Promise<WorkflowRun> {
  return await runWorkflow({ ...common, file, event: 'workflow_dispatch', payload: { inputs } });
}

/** What the api in staging reads: names of ConfigMaps follow their content, and several are there. */
async function currency(): Promise<string | undefined> {
  const api = (await liveObjects(stage, 'deployments', 'shop-staging')).get('api');
  const container = api?.spec.template.spec.containers[0] as
    | { readonly envFrom: readonly { readonly configMapRef?: { readonly name: string } }[] }
    | undefined;
  const names = container?.envFrom.map(({ configMapRef }) => configMapRef?.name);
  const name = names?.find(one => one !== undefined);
  return (await liveObjects(stage, 'configmaps', 'shop-staging')).get(name ?? '')?.data?.['CURRENCY'];
}

/** Empty for a run that succeeded, else its log, so that a failure shows it. */
function complaint({ exitCode, log }: WorkflowRun): string {
  return exitCode === 0 ? '' : log;
}

describe('the workflow of a push to main', () => {
  it('succeeds in one job', () => {
    expect(complaint(release)).toBe('');
    expect(release.jobs).toEqual([{ id: 'release', result: 'success' }]);
  });

  it('leaves a verified release in staging', async () => {
    const image = await liveImage(stage, 'deployment', 'api', 'shop-staging');
    expect(image).toContain('@sha256:');
    expect(release.outputs('release', 'deploy')).toMatchObject({ release: '1' });
  });

  it('tells in the summary what each step did', () => {
    const tag = release.outputs('release', 'prepare')['deployment-tag'] ?? '';
    expect(release.summary).toContain(tag);
    expect(release.summary).toMatch(/succeeded/i);
  });
});

describe('the workflow of a promotion', () => {
  it('succeeds, in a job for each wave, one after the other', () => {
    expect(complaint(promotion)).toBe('');
    expect(promotion.jobs).toEqual([
      { id: 'prepare', result: 'success' },
      { id: 'wave', destination: 'eu', result: 'success' },
      { id: 'wave', destination: 'us', result: 'success' },
    ]);
  });

  it('shows before the first job in an environment what would change, without a cluster', () => {
    const { 'planned-from': plannedFrom } = promotion.outputs('prepare', 'prepare');
    expect(plannedFrom).toBe('production/eu=0, production/us=0');
    expect(promotion.log).toMatch(/Step plan[\s\S]*shop\/production\/eu/);
  });

  it(
    'ends with what two people start at once, and says to whom it was taken from that it was',
    async () => {
      const start = async (number: number): Promise<WorkflowRun> =>
        await runWorkflow({
          ...{ ...common, home: `${common.home}-${number}` },
          ...{ file: 'promote.yml', event: 'workflow_dispatch' },
          payload: { inputs: { reason: `the ${number}. one` } },
        });
      together = await Promise.all([1, 2].map(start));
      expect(together.map(({ exitCode }) => exitCode)).toContain(0);
      // Both deploy the same, so that the second one goes on with what the first has left, or has nothing to change.
      for (const { exitCode, log } of together)
        if (exitCode !== 0)
          expect(log).toMatch(/plan-outdated|lock-timeout|wave-not-passed|rollout-superseded/);
      const [staging, ...production] = await liveImages(stage);
      expect(production).toEqual([staging, staging]);
    },
    MINUTES * 4,
  );

  it(
    'deploys nothing where GitHub dropped an output, and says so',
    async () => {
      const path = '.github/workflows/promote.yml';
      const waves = 'waves: "${{ steps.prepare.outputs.waves }}"';
      await shop.commit('Lose the waves', { [path]: text => text.replace(waves, 'waves: ""') });
      const dropped = await byHand('promote.yml', {});
      await shop.commit('Find the waves', { [path]: text => text.replace('waves: ""', waves) });
      expect(dropped.exitCode).not.toBe(0);
      expect(dropped.log).toContain('output-dropped');
      expect(dropped.jobs.map(({ id, result }) => [id, result])).toEqual([
        ['prepare', 'success'],
        ['wave', 'failure'],
      ]);
    },
    MINUTES * 2,
  );

  it('runs in production what runs in staging', async () => {
    const [staging, ...production] = await liveImages(stage);
    expect(production).toEqual([staging, staging]);
    expect((await liveObjects(stage, 'deployments', 'shop-us')).get('web')?.spec.replicas).toBe(4);
  });

  it('shows no secret', () => {
    for (const secret of Object.values(SECRETS))
      for (const { log } of [release, promotion, second, status, rollback]) expect(log).not.toContain(secret);
  });
});

describe('the workflow of a rollback', () => {
  it('restores the release before', async () => {
    expect([complaint(second), complaint(rollback)]).toEqual(['', '']);
    expect([before, after]).toEqual([expect.not.stringContaining('USD'), 'USD']);
    expect(await currency()).toBe(before);
  });

  it(
    'runs nothing for a destination that the file does not name, though deploy would find it',
    async () => {
      const unknown = await byHand('rollback.yml', {
        ...{ formation: 'staging', destination: ' main', reason: 'a slip of the hand' },
      });
      expect(unknown.exitCode).not.toBe(0);
      expect(unknown.jobs).toEqual([]);
    },
    MINUTES,
  );

  it('runs only for what was chosen', () => {
    expect(rollback.jobs).toEqual([{ id: 'rollback', destination: 'main', result: 'success' }]);
  });
});

describe('the workflow of the status', () => {
  it('shows every destination', () => {
    expect(complaint(status)).toBe('');
    for (const name of ['staging/main', 'production/eu', 'production/us'])
      expect(status.log).toMatch(new RegExp(`\\w+ ${name} release \\d+`));
  });
});

describe('the workflow of a hold', () => {
  it(
    'is needed before the next release after a rollback, which is refused without it',
    async () => {
      held = await byHand('rebuild.yml', { rebuild: 'auto' });
      expect(held.exitCode).not.toBe(0);
      expect(held.log).toContain('formation-held');
      lifted = await byHand('hold.yml', {
        formation: 'staging',
        mode: 'lift-hold',
        reason: 'euros are back',
      });
      expect(complaint(lifted)).toBe('');
    },
    MINUTES * 2,
  );
});

describe('the workflow of a rebuild', () => {
  it(
    'builds everything where that is asked for, and releases it',
    async () => {
      rebuild = await byHand('rebuild.yml', { rebuild: 'always' });
      expect(complaint(rebuild)).toBe('');
      expect(rebuild.outputs('rebuild', 'deploy')).toMatchObject({ 'verify-verdict': 'succeeded' });
    },
    MINUTES * 5,
  );
});

describe('a promotion after a run that left a release without a verdict', () => {
  it(
    'goes on with that release, which then gets its verdict',
    async () => {
      const path = '.github/workflows/wave.yml';
      const [whole, cut] = ['steps: render, deploy, verify', 'steps: render, deploy\n'];
      await shop.commit('Leave out the verdict', { [path]: text => text.replace(`${whole}\n`, cut) });
      await byHand('promote.yml', {});
      await shop.commit('Bring it back', { [path]: text => text.replace(cut, `${whole}\n`) });
      const again = await byHand('promote.yml', {});
      expect(complaint(again)).toBe('');
      expect(again.log).toContain('of the same tree is open and has no verdict yet; going on with it');
      const [staging, ...production] = await liveImages(stage);
      expect(production).toEqual([staging, staging]);
    },
    MINUTES * 4,
  );
});

describe('the workflow of a removal', () => {
  it(
    'removes nothing under a wrong name',
    async () => {
      unconfirmed = await byHand('destroy.yml', { formation: 'staging', confirm: 'staging', reason: 'over' });
      expect(unconfirmed.exitCode).not.toBe(0);
      expect(unconfirmed.log).toContain('confirmation-missing');
      expect((await liveObjects(stage, 'deployments', 'shop-staging')).size).toBeGreaterThan(0);
    },
    MINUTES,
  );

  it(
    'removes one destination, and leaves the others',
    async () => {
      destruction = await byHand('destroy.yml', {
        formation: 'production',
        destination: 'us',
        confirm: 'shop/production',
        reason: 'over',
      });
      expect(complaint(destruction)).toBe('');
      expect((await liveObjects(stage, 'deployments', 'shop-us')).size).toBe(0);
      expect((await liveObjects(stage, 'deployments', 'shop-eu')).size).toBeGreaterThan(0);
    },
    MINUTES,
  );
});

/** The same cluster as someone to whom nothing was granted. */
async function kubeconfigOf(user: string): Promise<string> {
  const { cluster } = stage.testbed;
  if (cluster === undefined) throw new Error('the stage has a cluster');
  const config = load(readFileSync(await cluster.userKubeconfig(user), 'utf8')) as {
    readonly contexts: readonly { readonly context: object }[];
  };
  const [{ context } = { context: {} }] = config.contexts;
  return JSON.stringify({ ...config, contexts: [{ name: 'prod-eu', context }] });
}

describe('credentials without rights', () => {
  it(
    'do nothing by halves, whatever is started with them',
    async () => {
      const kubeconfig = await kubeconfigOf('stranger');
      const leases = async () => await stage.kubectl('get', 'leases', '--all-namespaces', '--output', 'name');
      const before = await leases();
      const started = { formation: 'production', destination: 'eu', reason: 'to see what happens' };
      for (const [file, inputs] of Object.entries({
        'rollback.yml': {},
        'hold.yml': { mode: 'hold' },
        'destroy.yml': { confirm: 'shop/production' },
      })) {
        const refused = await runWorkflow({
          ...{ ...common, file, event: 'workflow_dispatch' },
          payload: { inputs: { ...started, ...inputs } },
          secrets: { ...common.secrets, KUBECONFIG: kubeconfig },
        });
        expect([file, refused.exitCode]).not.toEqual([file, 0]);
        expect([file, refused.log]).toEqual([
          file,
          expect.stringMatching(/rights-missing|cluster-forbidden/),
        ]);
      }
      expect(await leases()).toBe(before);
    },
    MINUTES * 3,
  );
});

describe('a workflow that was not written again', () => {
  it(
    'fails before it deploys anything, where a wave has been added',
    async () => {
      await shop.commit('Go to Asia', {
        'formations/production.yaml': text =>
          text
            .replace('waves: [[eu], [us]]', 'waves: [[eu], [us], [asia]]')
            .replace(/^( +)us:/m, '$1asia: { namespace: shop-asia }\n$1us:'),
      });
      const stale = await byHand('promote.yml', { reason: 'Asia too' });
      expect(stale.exitCode).not.toBe(0);
      expect(stale.log).toContain('waves-unexpected');
      expect(stale.jobs).toEqual([{ id: 'prepare', result: 'failure' }]);
    },
    MINUTES * 2,
  );
});

/** Production as it is written for one destination. */
const ONE_DESTINATION = `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: production }
spec:
  promoted-from: staging
  kubernetes: "1.36"
  destinations:
    eu: { namespace: shop-eu, context: prod-eu, environment: production-eu }
  verify: { stable-for: 2s, timeout: 5m, on-failure: rollback }
`;

describe('the workflow of a promotion to one destination with an environment', () => {
  it(
    'plans in one job, and deploys from that plan in another',
    async () => {
      const { repository } = common;
      writeFileSync(join(repository, 'formations/production.yaml'), ONE_DESTINATION);
      for (const file of ['config/database.yaml', 'config/shop.yaml']) {
        const path = join(repository, file);
        writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/^ +"us\..*\n/gm, ''));
      }
      const application = await describeApplication(repository, 'slipway.yaml');
      for (const { path, text } of workflowFiles(application)) writeFileSync(join(repository, path), text);
      await useLocalActions(repository);
      await shop.commit('Stay in Europe');
      const one = await byHand('promote.yml', { reason: 'only Europe' });
      expect(complaint(one)).toBe('');
      expect(one.jobs).toEqual([
        { id: 'prepare', result: 'success' },
        { id: 'promote', result: 'success' },
      ]);
      expect(one.outputs('prepare', 'prepare')['planned-from']).toMatch(/^production\/eu=[1-9]\d*@20\d\d-/);
    },
    MINUTES * 2,
  );
});
