import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Release, type Snapshot, valueAt } from '@slipway/core';
import { pushSnapshot, readVerdict } from '@slipway/registry';
import { readRelease } from '@slipway/release';
import { readRenderedTree } from '@slipway/render';
import { type Review, startGitHub } from '@slipway/testbed/github';
import { createJob, type Job, runStep, type StepResult } from '@slipway/testbed/runner';
import { commit, type Files, git, repository, scratch, shallowCheckout } from '@slipway/testkit/git';
import { useClusterAndRegistry } from './cluster.ts';
import { errorsOf, SNAPSHOT } from './fixture.ts';

const { testbed, client, registry } = useClusterAndRegistry();

const ACTIONS = resolve(import.meta.dirname, '../..');

const formation = (name: string, destinations: string, more = ''): string => `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: ${name}}
spec:
${more}  destinations:
${destinations}`;

/** A ConfigMap and a Secret: no pods are needed to see which port and which password arrive. */
function filesFor(name: string): Files {
  return {
    'slipway.yaml': `
apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: ${testbed.registry.address}/${name}/shop
  services:
    api: {image: docker.io/library/api:1}
`,
    'formations/staging.yaml': formation('staging', `    main: {namespace: ${name}-staging}\n`),
    'formations/production.yaml': formation(
      'production',
      `    eu: {namespace: ${name}-old}\n`,
      '  promoted-from: staging\n',
    ),
    'config/shop.yaml': `
apiVersion: slipway.dev/v1
kind: Config
spec:
  values: {"*.*.port": 8080}
  secrets:
    "*.*.database.password": {from: env, name: OLD_PASSWORD}
`,
    'stencils/api.yaml': [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: {name: api}',
      'data: {port: "${config.port}"}',
      '---',
      'apiVersion: v1',
      'kind: Secret',
      'metadata: {name: database}',
      'stringData: {password: "${secret.database.password}"}',
      '',
    ].join('\n'),
  };
}

interface Shop {
  readonly name: string;
  readonly origin: string;
  /** The commit that staging has. */
  readonly passed: string;
  readonly snapshot: Snapshot;
}

const PASSWORDS = { OLD_PASSWORD: 'old password', NEW_PASSWORD: 'new password' };

function jobAt(workspace: string, sha: string, environment: Readonly<Record<string, string>> = {}): Job {
  return createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin', sha, environment });
}

async function step(job: Job, action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  return await runStep(job, {
    action: join(ACTIONS, action),
    inputs,
    ...(action === 'deploy' ? { environment: PASSWORDS } : {}),
  });
}

function whole(origin: string, sha: string): string {
  const folder = scratch();
  git(folder, 'clone', '--quiet', `file://${origin}`, '.');
  git(folder, 'checkout', '--quiet', sha);
  return folder;
}

interface Delivered {
  readonly rendered: StepResult;
  readonly deployed: StepResult | undefined;
}

/** A job that renders a snapshot for a formation and deploys it, if it renders. */
async function deliver(
  { snapshot }: Pick<Shop, 'snapshot'>,
  job: Job,
  given: {
    readonly formation: string;
    readonly render?: Readonly<Record<string, string>>;
    readonly deploy?: Readonly<Record<string, string>>;
  },
): Promise<Delivered> {
  const inputs = { formation: given.formation, snapshot: snapshot.deploymentTag, ...given.render };
  const rendered = await step(job, 'render-stencil', inputs);
  if (rendered.exitCode !== 0) return { rendered, deployed: undefined };
  const { manifests = '', digest = '', 'config-revision': revision = '' } = rendered.outputs;
  const deployed = await step(job, 'deploy', {
    ...{ manifests, digest, 'config-revision': revision, formation: given.formation },
    ...{ kubeconfig: testbed.cluster.kubeconfig, secrets: 'env=OLD_PASSWORD\nenv=NEW_PASSWORD' },
    ...given.deploy,
  });
  return { rendered, deployed };
}

function succeeded({ rendered, deployed }: Delivered): void {
  for (const result of [rendered, deployed]) expect(result?.exitCode === 0 ? '' : result?.log).toBe('');
}

async function verify(job: Job, formationName: string, release: string): Promise<void> {
  const result = await step(job, 'verify-rollout', {
    ...{ release, formation: formationName, kubeconfig: testbed.cluster.kubeconfig, 'stable-for': '0s' },
  });
  expect(result.exitCode === 0 ? '' : result.log).toBe('');
}

/** A shop whose first commit is built, deployed to staging and verified there. */
async function openShop(name: string, staged: Readonly<Record<string, string>> = {}): Promise<Shop> {
  for (const namespace of [`${name}-staging`, `${name}-old`, `${name}-new`])
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const origin = repository(filesFor(name));
  const passed = git(origin, 'rev-parse', 'HEAD');
  const home = `${testbed.registry.address}/${name}/shop`;
  const image = { name: `${home}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' as const };
  const snapshot: Snapshot = { ...SNAPSHOT, gitRevision: passed, registry: home, images: { api: image } };
  await pushSnapshot(registry, snapshot);
  const shop = { name, origin, passed, snapshot };
  await stage(shop, passed, staged);
  return shop;
}

/** Deploys the snapshot to staging with the stencils and config of a commit, and verifies it there. */
async function stage(shop: Shop, sha: string, render: Readonly<Record<string, string>> = {}): Promise<void> {
  const job = jobAt(whole(shop.origin, sha), sha);
  const delivered = await deliver(shop, job, { formation: 'staging', render });
  succeeded(delivered);
  await verify(job, 'staging', delivered.deployed?.outputs['release'] ?? '');
}

/** What happens to `main` between staging and production: a port, a moved destination, a rotated secret. */
function changeMain({ origin, name }: Shop, changes: Files = {}): string {
  return commit(origin, {
    'config/shop.yaml': `
apiVersion: slipway.dev/v1
kind: Config
spec:
  values: {"*.*.port": 9090}
  secrets:
    "*.*.database.password": {from: env, name: NEW_PASSWORD}
`,
    'formations/production.yaml': formation(
      'production',
      `    eu: {namespace: ${name}-new}\n`,
      '  promoted-from: staging\n',
    ),
    ...changes,
  });
}

async function promote(
  shop: Shop,
  sha: string,
  given: Omit<Parameters<typeof deliver>[2], 'formation'> = {},
) {
  return await deliver(shop, jobAt(whole(shop.origin, sha), sha), { formation: 'production', ...given });
}

async function portIn(namespace: string): Promise<unknown> {
  const settings = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'api' });
  return valueAt(settings ?? {}, ['data', 'port']);
}

async function recordIn(namespace: string, number = 1): Promise<Release> {
  return await readRelease(client, { application: 'shop', formation: 'production', namespace }, number);
}

function secretIn(namespace: string): string {
  const args = [
    '--kubeconfig',
    testbed.cluster.kubeconfig,
    '--namespace',
    namespace,
    'get',
    'secrets',
    '-o',
    'json',
  ];
  const { items } = JSON.parse(execFileSync(testbed.cluster.kubectl ?? '', args, { encoding: 'utf8' }));
  const own = items.find((item: { data?: Record<string, string>; metadata: { name: string } }) =>
    item.metadata.name.startsWith('database'),
  );
  return Buffer.from(own?.data?.password ?? '', 'base64').toString();
}

const short = (sha: string): string => sha.slice(0, 12);

describe('a snapshot that is promoted after main has changed', () => {
  it('has the port that passed, at the destination and with the secret of main', async () => {
    const shop = await openShop('port');
    const verdict = await readVerdict(registry, shop.snapshot, 'v1', {
      formation: 'staging',
      destination: 'main',
    });
    expect(verdict?.configRevision).toBe(shop.passed);
    const head = changeMain(shop);
    const delivered = await promote(shop, head);
    succeeded(delivered);
    expect(await portIn('port-new')).toBe('8080');
    expect(await portIn('port-old')).toBeUndefined();
    expect(secretIn('port-new')).toBe('new password');
    expect(await recordIn('port-new')).toMatchObject({ configRevision: shop.passed, number: 1 });
    expect((await recordIn('port-new')).configFrom).toBeUndefined();
    expect(delivered.deployed?.log).toContain(
      '1 commit of the checkout is younger than what is promoted, and so not in it',
    );
    expect(delivered.rendered.outputs['config-revision']).toBe(shop.passed);
    expect(delivered.rendered.log).toContain(
      `production: stencils and config of the commit ${shop.passed}, with which "v1" passed in "staging"`,
    );
    const [tree] = await readRenderedTree(delivered.rendered.outputs['manifests'] ?? '');
    const settings = tree?.objects.find(({ object }) => object.kind === 'ConfigMap');
    expect(settings?.positionAt('/data/port')).toMatchObject({
      ...{ path: 'stencils/api.yaml', revision: shop.passed },
    });
    const places = settings?.relatedTo('/metadata/namespace').map(({ at }) => [at.path, at.revision]);
    expect(places).toEqual([['formations/production.yaml', undefined]]);
  });

  it('is rendered to the same digest in another job, and leaves the checkout as it is', async () => {
    const shop = await openShop('again');
    const head = changeMain(shop);
    const inputs = { formation: 'production', snapshot: 'v1' };
    const workspaces = [whole(shop.origin, head), shallowCheckout(shop.origin, head)];
    const results = await Promise.all(
      workspaces.map(workspace => step(jobAt(workspace, head), 'render-stencil', inputs)),
    );
    expect(results.map(({ exitCode, log }) => (exitCode === 0 ? '' : log))).toEqual(['', '']);
    expect(results[0]?.outputs['digest']).toBe(results[1]?.outputs['digest']);
    for (const workspace of workspaces) {
      expect(git(workspace, 'status', '--porcelain')).toBe('');
      expect(git(workspace, 'rev-parse', 'HEAD')).toBe(head);
    }
  });

  it('is refused from a shallow clone that can fetch nothing, with what to do', async () => {
    const shop = await openShop('shallow');
    const head = changeMain(shop);
    const workspace = shallowCheckout(shop.origin, head);
    git(workspace, 'remote', 'remove', 'origin');
    const { rendered } = await deliver(shop, jobAt(workspace, head), { formation: 'production' });
    expect(errorsOf(rendered)).toEqual([
      `this checkout cannot tell whether the commit ${short(shop.passed)}, with which "v1" passed in "staging", is in its history; check out with "fetch-depth: 0", let actions/checkout persist its credentials, or give the input "token" with contents: read`,
    ]);
    expect(rendered.outputs['error']).toBe('history-unknown');
  });

  it('is found by the API of GitHub from such a clone', async () => {
    const shop = await openShop('remote');
    const head = changeMain(shop);
    const workspace = shallowCheckout(shop.origin, head);
    git(workspace, 'remote', 'remove', 'origin');
    const tokens = new Map([['ghs_1', { login: 'github-actions[bot]' } as const]]);
    const github = await startGitHub({ directory: shop.origin, tokens });
    try {
      const job = jobAt(workspace, head, { GITHUB_API_URL: github.apiUrl });
      const token = { token: 'ghs_1' };
      succeeded(await deliver(shop, job, { formation: 'production', render: token, deploy: token }));
      expect(await portIn('remote-new')).toBe('8080');
    } finally {
      await github.stop();
    }
    expect(github.problems).toEqual([]);
  });

  it('is deployed with the config of main only if that is said, with a reason that is kept', async () => {
    const shop = await openShop('head');
    const head = changeMain(shop);
    const render = { config: 'head' };
    const unsaid = await promote(shop, head, { render });
    expect(errorsOf(unsaid.deployed as StepResult)).toEqual([
      `the manifests were rendered from the commit ${short(head)}, but "v1" passed in "staging" with the commit ${short(shop.passed)}; render the snapshot again in a job after it passed, or set "config: head" with a reason`,
    ]);
    const beyond = new RegExp(
      `config: head has what the commit ${short(shop.passed)} that passed in "staging" does not have: 1 commit \\(${short(head)} "Change"\\), with config/shop\\.yaml:\\d+`,
    );
    expect(unsaid.rendered.log).toMatch(beyond);
    const reason = 'the port is on fire';
    const planned = await promote(shop, head, { render, deploy: { config: 'head', reason, mode: 'plan' } });
    expect(planned.deployed?.log).toMatch(beyond);
    const unexplained = await promote(shop, head, { render, deploy: { config: 'head' } });
    expect(unexplained.deployed?.outputs['error']).toBe('reason-missing');
    expect(await portIn('head-new')).toBeUndefined();
    succeeded(await promote(shop, head, { render, deploy: { config: 'head', reason } }));
    expect(await portIn('head-new')).toBe('9090');
    expect(await recordIn('head-new')).toMatchObject({
      ...{ configRevision: head, configFrom: 'head', reason },
    });
  });
});

describe('config of main that other formations share', () => {
  it('is deployed once one of those approves it whom the formation names', async () => {
    const shop = await openShop('signed');
    const spec = '  promoted-from: staging\n  head-sign-off: "@ada"\n';
    const production = formation('production', '    eu: {namespace: signed-new}\n', spec);
    const head = changeMain(shop, { 'formations/production.yaml': production });
    const promoteWith = async (reviews: readonly Review[], mode: string): Promise<StepResult> => {
      const github = await startGitHub({
        directory: shop.origin,
        tokens: new Map([['ghs_1', { login: 'github-actions[bot]', comments: 'write' } as const]]),
        pulls: [
          {
            ...{ number: 7, author: 'mallory', head, commits: [head] },
            merged: { at: '2026-01-01T00:09:00Z', commit: head },
          },
        ],
        reviews: new Map([[7, [...reviews]]]),
      });
      try {
        const job = jobAt(whole(shop.origin, head), head, { GITHUB_API_URL: github.apiUrl });
        const deploy = { config: 'head', reason: 'the port is on fire', token: 'ghs_1', mode };
        const render = { config: 'head' };
        const { deployed } = await deliver(shop, job, { formation: 'production', render, deploy });
        if (deployed === undefined) throw new Error('nothing was rendered');
        return deployed;
      } finally {
        await github.stop();
      }
    };
    const refused = await promoteWith([], 'apply');
    expect(refused.outputs['error']).toBe('sign-off-missing');
    const [error = ''] = errorsOf(refused);
    expect(error).toMatch(/did not pass in "staging": \*\.\*\.port; @ada may approve that/);
    expect(await portIn('signed-new')).toBeUndefined();
    const print = /sign-off ([0-9a-f]{12})/.exec(error)?.[1] ?? '';
    const review = { user: 'ada', state: 'APPROVED', commit: head, at: '2026-01-01T00:02:00Z' } as const;
    const unaware = await promoteWith([{ ...review, body: 'fine' }], 'apply');
    expect(unaware.outputs['error']).toBe('sign-off-missing');
    const planned = await promoteWith([], 'plan');
    expect([planned.exitCode, planned.log]).toEqual([0, expect.stringContaining(print)]);
    const approved = await promoteWith([{ ...review, body: `sign-off ${print}` }], 'apply');
    expect(approved.exitCode === 0 ? '' : approved.log).toBe('');
    expect(await portIn('signed-new')).toBe('9090');
  });
});

describe('a promotion is refused', () => {
  it('of a commit that main does not have, as of a fork', async () => {
    const shop = await openShop('fork');
    const head = changeMain(shop);
    git(shop.origin, 'checkout', '--quiet', '-b', 'aside', shop.passed);
    const aside = commit(shop.origin, { 'stencils/more.yaml': filesFor('fork')['stencils/api.yaml'] });
    git(shop.origin, 'checkout', '--quiet', 'main');
    const other = commit(shop.origin, { 'README.md': 'x' });
    git(shop.origin, 'checkout', '--quiet', 'aside');
    git(shop.origin, 'reset', '--quiet', '--hard', shop.passed);
    const stray = commit(shop.origin, { 'config/more.yaml': undefined, 'README.md': 'y' });
    git(shop.origin, 'checkout', '--quiet', 'main');
    await stage(shop, stray);
    const { rendered } = await promote(shop, other);
    expect(errorsOf(rendered)).toEqual([
      expect.stringContaining(
        `the commit ${short(stray)}, with which "v1" passed in "staging", is not in the history of ${short(other)}, which is checked out`,
      ),
    ]);
    expect([head, aside].includes(stray)).toBe(false);
  });

  it('of what passed with values of one run, unless the commit is meant all the same', async () => {
    const shop = await openShop('set', { set: 'port=7070' });
    expect(await portIn('set-staging')).toBe('7070');
    const head = changeMain(shop);
    const { rendered } = await promote(shop, head);
    expect(errorsOf(rendered)).toEqual([
      '"v1" passed at staging/main with values of that run (input "set": port), which no commit has; deploy and verify it there without that, or set "config: passed" with a reason',
    ]);
    const config = { config: 'passed' };
    succeeded(await promote(shop, head, { render: config, deploy: { ...config, reason: 'a trial' } }));
    expect(await portIn('set-new')).toBe('8080');
  });

  it('with a value of its own, with a secret of another form, and from a commit without the formation', async () => {
    const shop = await openShop('form');
    const head = changeMain(shop);
    const set = await promote(shop, head, { render: { set: 'port=1' } });
    expect(set.rendered.outputs['error']).toBe('set-invalid');
    const encoded = changeMain(shop, {
      'config/shop.yaml': `
apiVersion: slipway.dev/v1
kind: Config
spec:
  values: {"*.*.port": 9090}
  secrets:
    "*.*.database.password": {from: env, name: NEW_PASSWORD, as: url}
`,
      'formations/canary.yaml': formation(
        'canary',
        '    eu: {namespace: form-old}\n',
        '  promoted-from: staging\n',
      ),
    });
    const { rendered } = await promote(shop, encoded);
    expect(errorsOf(rendered)).toEqual([
      expect.stringContaining(
        `the secret "database.password" (*.*.database.password) has "as: url" here, and neither "as" nor "decode" at the commit ${short(shop.passed)}`,
      ),
    ]);
    const job = jobAt(whole(shop.origin, encoded), encoded);
    const canary = await deliver(shop, job, { formation: 'canary' });
    expect(errorsOf(canary.rendered).join('\n')).toContain('has no formation "canary"');
  });

  it('of a tree that says that it is of the commit that passed, where another is expected', async () => {
    const shop = await openShop('claim');
    const head = changeMain(shop);
    const { deployed } = await promote(shop, head, { deploy: { 'config-revision': head } });
    expect(deployed?.outputs['error']).toBe('config-differs');
  });
});

describe('a promotion that would take back what is live', () => {
  it('is refused with the commits and lines, until it is said', async () => {
    const shop = await openShop('older');
    const hot = changeMain(shop);
    const head = { config: 'head', reason: 'the port is on fire' };
    succeeded(await promote(shop, hot, { render: { config: 'head' }, deploy: head }));
    expect(await portIn('older-new')).toBe('9090');
    const later = commit(shop.origin, { 'README.md': 'later' });
    const refused = await promote(shop, later);
    expect(errorsOf(refused.deployed as StepResult)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^release 1, which is live, has the stencils and config of ${short(hot)}, which the commit ${short(shop.passed)} that passed does not contain: this takes back 1 commit \\(${short(hot)} "Change"\\), with config/shop\\.yaml:\\d+, .*; bring the change`,
        ),
      ),
    ]);
    expect(refused.deployed?.outputs['error']).toBe('config-older');
    const allowed = { 'allow-older-config': 'true' };
    const unexplained = await promote(shop, later, { deploy: allowed });
    expect(unexplained.deployed?.outputs['error']).toBe('reason-missing');
    expect(await portIn('older-new')).toBe('9090');
    const said = await promote(shop, later, { deploy: { ...allowed, reason: 'the fire is out' } });
    succeeded(said);
    expect(said.deployed?.log).toContain('this takes back 1 commit');
    expect(await portIn('older-new')).toBe('8080');
  });

  it('is not one once the change came through staging, and a rollback says what it takes back', async () => {
    const shop = await openShop('through');
    const hot = changeMain(shop);
    succeeded(await promote(shop, hot));
    await stage(shop, hot);
    succeeded(await promote(shop, hot));
    expect(await portIn('through-new')).toBe('9090');
    const back = await step(jobAt(whole(shop.origin, hot), hot), 'deploy', {
      ...{ mode: 'rollback', formation: 'production', kubeconfig: testbed.cluster.kubeconfig, to: '1' },
    });
    expect(back.exitCode === 0 ? '' : back.log).toBe('');
    expect(back.log).toContain(
      `Release 1 has other stencils and config than release 2: this takes back 1 commit (${short(hot)} "Change")`,
    );
    expect(await portIn('through-new')).toBe('8080');
    const { created } = await recordIn('through-new', 1);
    expect(back.log).toContain(
      `Release 1 brings back 1 secret as it was when it was deployed, ${created}: database.password.`,
    );
  });
});

describe('a plan that was approved', () => {
  it('is deployed only while the release that it was made from is the newest', async () => {
    const shop = await openShop('planned');
    const head = changeMain(shop);
    const planned = await promote(shop, head, { deploy: { mode: 'plan' } });
    expect(planned.deployed?.outputs['previous-release']).toBe('');
    const first = { 'planned-from': planned.deployed?.outputs['previous-release'] || '0' };
    const other = { config: 'head', reason: 'the port is on fire' };
    succeeded(await promote(shop, head, { render: { config: 'head' }, deploy: { ...first, ...other } }));
    const outdated = await promote(shop, head, { deploy: first });
    expect(errorsOf(outdated.deployed as StepResult)[0]).toMatch(
      /^the plan that was approved is from when there was no release or the registry did not tell, but release 1 is the newest and has no verdict by now; run the job of release 1 again, which ends with a verdict, or roll back;/,
    );
    const again = { 'planned-from': '1', 'allow-older-config': 'true', reason: 'the fire is out' };
    succeeded(await promote(shop, head, { deploy: again }));
  });
});
