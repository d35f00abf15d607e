import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import {
  defined,
  type Plan,
  parsePlan,
  SlipwayError,
  type Snapshot,
  silentLogger,
  type Verdict,
} from '@slipway/core';
import {
  pushHold,
  pushRemoval,
  pushSnapshot,
  pushVerdict,
  readLatestVerdict,
  readSnapshot,
} from '@slipway/registry';
import { closeRelease, readRelease, rollBack } from '@slipway/release';
import { createJob, type Job, runStep, type StepResult } from '@slipway/testbed/runner';
import { until } from '@slipway/testkit/cluster';
import { commit, type Files, git, repository, scratch } from '@slipway/testkit/git';
import { useClusterAndRegistry } from './cluster.ts';
import { errorsOf, SNAPSHOT } from './fixture.ts';

const { testbed, client, registry } = useClusterAndRegistry();

const ACTIONS = resolve(import.meta.dirname, '../..');

const formation = (name: string, namespace: string, more = ''): string => `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: ${name}}
spec:
${more}  destinations: {main: {namespace: ${namespace}}}
`;

const IMAGE = '${image.api}';

function filesFor(name: string): Files {
  return {
    'slipway.yaml': `
apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: ${testbed.registry.address}/${name}/shop
  services: {api: {image: "docker.io/library/api:1"}}
`,
    'formations/staging.yaml': formation('staging', `${name}-staging`),
    'formations/production.yaml': formation('production', `${name}-live`, '  promoted-from: staging\n'),
    'config/shop.yaml': `
apiVersion: slipway.dev/v1
kind: Config
spec:
  values: {"*.*.port": 8080, "*.*.replicas": 2}
  secrets: {"*.*.password": {from: env, name: PASSWORD}}
`,
    'stencils/api.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {team: shop}}
spec:
  replicas: ${'${config.replicas}'}
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: ${IMAGE}
          envFrom: [{secretRef: {name: database}}, {configMapRef: {name: settings}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {port: "${'${config.port}'}"}
---
apiVersion: v1
kind: Secret
metadata: {name: database}
stringData: {password: "${'${secret.password}'}"}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
`,
  };
}

interface Shop {
  readonly name: string;
  readonly origin: string;
}

/** A job with a whole checkout of a commit, and nothing that leads to a cluster. */
function jobAt({ origin }: Shop, sha: string): Job {
  const workspace = scratch();
  git(workspace, 'clone', '--quiet', `file://${origin}`, '.');
  git(workspace, 'checkout', '--quiet', sha);
  return createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin', sha });
}

type Inputs = Readonly<Record<string, string>>;

async function step(job: Job, action: string, inputs: Inputs, password = 'one'): Promise<StepResult> {
  const environment = action === 'deploy' && inputs['mode'] !== 'plan' ? { PASSWORD: password } : {};
  return await runStep(job, { action: join(ACTIONS, action), inputs, environment });
}

async function rendered(job: Job, name: string, tag: string, more: Inputs = {}): Promise<Inputs> {
  const result = await step(job, 'render-stencil', { formation: name, snapshot: tag, ...more });
  expect(errorsOf(result)).toEqual([]);
  const { manifests = '', digest = '', 'config-revision': revision = '' } = result.outputs;
  return { manifests, digest, 'config-revision': revision };
}

/** What a job before the approval does: it has neither a kubeconfig nor a secret. */
async function plan(shop: Shop, sha: string, tag: string, name = 'production'): Promise<StepResult> {
  const job = jobAt(shop, sha);
  const tree = await rendered(job, name, tag);
  const result = await step(job, 'deploy', { mode: 'plan', ...tree });
  expect(git(job.workspace, 'status', '--porcelain')).toBe('');
  return result;
}

async function planOf({ outputs }: StepResult): Promise<Plan> {
  const path = outputs['plan'] ?? '';
  return parsePlan(await readFile(path, 'utf8'), path);
}

interface Deployment {
  readonly tag: string;
  readonly formation?: string;
  readonly render?: Inputs;
  readonly inputs?: Inputs;
  readonly password?: string;
}

async function deploy(shop: Shop, sha: string, given: Deployment): Promise<StepResult> {
  const job = jobAt(shop, sha);
  const tree = await rendered(job, given.formation ?? 'production', given.tag, given.render);
  const access = { kubeconfig: testbed.cluster.kubeconfig, secrets: 'env=PASSWORD' };
  return await step(job, 'deploy', { ...tree, ...access, ...given.inputs }, given.password);
}

/** Deploys and verifies, so that the registry knows of it. */
async function release(shop: Shop, sha: string, given: Deployment): Promise<StepResult> {
  const deployed = await deploy(shop, sha, given);
  expect(errorsOf(deployed)).toEqual([]);
  const verified = await step(jobAt(shop, sha), 'verify-rollout', {
    ...{ release: deployed.outputs['release'] ?? '', formation: given.formation ?? 'production' },
    ...{ kubeconfig: testbed.cluster.kubeconfig, 'stable-for': '0s' },
  });
  expect(errorsOf(verified)).toEqual([]);
  return deployed;
}

async function push(name: string, gitRevision: string, tag: string, created: string): Promise<void> {
  const home = `${testbed.registry.address}/${name}/shop`;
  const digest = `sha256:${tag.slice(1).repeat(64)}`;
  const image = { name: `${home}/api`, digest, origin: 'built' as const };
  const own = { registry: home, deploymentTag: tag, gitRevision, created, images: { api: image } };
  await pushSnapshot(registry, { ...SNAPSHOT, ...own } as Snapshot);
}

/** A shop with two snapshots, the first of which is in staging. */
async function openShop(name: string): Promise<Shop & { readonly first: string }> {
  for (const namespace of [`${name}-staging`, `${name}-live`])
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const origin = repository(filesFor(name));
  const first = git(origin, 'rev-parse', 'HEAD');
  await push(name, first, 'v1', '2026-11-01T10:00:00Z');
  await push(name, first, 'v2', '2026-11-02T10:00:00Z');
  const shop = { name, origin, first };
  await release(shop, first, { tag: 'v1', formation: 'staging' });
  return shop;
}

/** One in which the first snapshot is live, and the second one has passed in staging with another port. */
async function openWaiting(name: string) {
  const shop = await openShop(name);
  await release(shop, shop.first, { tag: 'v1', inputs: { 'planned-from': '0' } });
  const config = filesFor(name)['config/shop.yaml'] ?? '';
  const second = commit(shop.origin, { 'config/shop.yaml': String(config).replace('8080', '9090') });
  await release(shop, second, { tag: 'v2', formation: 'staging' });
  const head = commit(shop.origin, { 'README.md': 'later\n' });
  return { ...shop, second, head };
}

const api = (name: string) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: `${name}-live`, name: 'api' },
});
const service = (name: string) => ({ ...api(name), apiVersion: 'v1', kind: 'Service' });

describe('a plan without the cluster', () => {
  it('shows what the first release creates, and does not say that there is none', async () => {
    const shop = await openShop('first');
    const result = await plan(shop, shop.first, 'v1');
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ 'previous-release': '', changes: '4' });
    expect(result.log).toContain('the registry has no verdict on a release there');
    const deployed = await release(shop, shop.first, {
      ...{ tag: 'v1', inputs: { 'planned-from': '0', 'strict-plan': 'true' } },
    });
    expect(deployed.log).toContain('Nothing beyond the plan that was approved');
  });

  it('shows fields, images, the release that it was made against, and what is younger', async () => {
    const { head, first, ...shop } = await openWaiting('since');
    const home = { registry: `${testbed.registry.address}/since/shop`, application: 'shop' };
    const target = { formation: 'production', destination: 'main' };
    expect((await readLatestVerdict(registry, home, target))?.digest).toMatch(/^sha256:/);
    const result = await plan(shop, head, 'v2');
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ 'previous-release': '1', changes: '2' });
    const found = await planOf(result);
    expect(found.against).toMatchObject({ release: 1, deploymentTag: 'v1', reproduced: true });
    expect(found.against?.configRevision).toBe(first);
    expect(found.images).toEqual([
      { service: 'api', before: `sha256:${'1'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` },
    ]);
    const settings = found.changes.find(({ object }) => object.kind === 'ConfigMap');
    expect(settings?.fields).toEqual([{ pointer: '/data/port', before: '8080', after: '9090' }]);
    expect(result.log).toContain('1 commit of the checkout is younger than what is promoted');
    expect(result.log).toContain('whether a secret has another value by now is not known');
    expect(result.summary).toContain('Made against release 1');
    const same = await plan(shop, head, 'v1');
    expect(same.outputs).toMatchObject({ 'previous-release': '1', changes: '0' });
    expect(same.log).toContain('the manifests do not change (without a cluster, beside release 1)');
    const older = await plan(shop, head, 'v1', 'staging');
    expect(older.outputs['error']).toBe('snapshot-older');
  });

  it('is made against the release that undid another one', async () => {
    const { head, ...shop } = await openWaiting('undone');
    const home = { registry: `${testbed.registry.address}/undone/shop`, application: 'shop' };
    const target = { formation: 'production', destination: 'main' };
    const verdict = await readLatestVerdict(registry, home, target);
    if (verdict === undefined) throw new Error('nothing was verified');
    const { deploymentTag, configRevision, digest } = verdict;
    const rolledBackTo = { release: 1, as: 3, ...defined({ deploymentTag, configRevision, digest }) };
    await pushVerdict(registry, await readSnapshot(registry, home, 'v2'), {
      ...{ ...verdict, verdict: 'rolled-back', release: 2, deploymentTag: 'v2' },
      ...{ configRevision: head, rolledBackTo },
    } as Verdict);
    const result = await plan(shop, head, 'v2');
    expect(result.outputs).toMatchObject({ 'previous-release': '3', changes: '2' });
    expect((await planOf(result)).against).toMatchObject({
      ...{ release: 3, deploymentTag: 'v1', reproduced: true },
    });
    expect(result.log).toContain('is a rollback, which left Jobs');
  });

  it('says that values of a run are why a release cannot be rendered again', async () => {
    const shop = await openShop('values');
    const render = { set: 'replicas=3' };
    await release(shop, shop.first, { tag: 'v1', formation: 'staging', render });
    const result = await plan(shop, shop.first, 'v1', 'staging');
    expect(errorsOf(result)).toEqual([]);
    expect((await planOf(result)).against).toMatchObject({ release: 2, reproduced: false });
    expect(result.log).toContain('it may lack the values that its run set (replicas)');
    expect(result.log).toContain('no change was found, which is not certain');
  });

  it('knows nothing, and says so, if the commit is not of this branch', async () => {
    const shop = await openShop('aside');
    git(shop.origin, 'checkout', '--quiet', '-b', 'aside');
    const aside = commit(shop.origin, { 'README.md': 'aside\n' });
    await release(shop, aside, { tag: 'v1', formation: 'staging' });
    const result = await plan(shop, shop.first, 'v2', 'staging');
    expect(errorsOf(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ 'previous-release': '2', changes: '' });
    expect(result.log).toContain('What changes is not known: release 2 cannot be rendered again');
    expect(result.log).toContain('is not in the history of');
  });

  it('fails for plain manifests, whose releases no registry knows', async () => {
    const shop = await openShop('plain');
    const job = jobAt(shop, shop.first);
    const result = await step(job, 'deploy', { mode: 'plan', manifests: 'stencils', formation: 'other' });
    expect(result.outputs['error']).toBe('kubeconfig-missing');
  });
});

describe('the job behind the approval', () => {
  it('has nothing to say if it does what was approved, even where it may do nothing else', async () => {
    const { head, ...shop } = await openWaiting('strict');
    const planned = await plan(shop, head, 'v2');
    const inputs = { 'planned-from': planned.outputs['previous-release'] ?? '', 'strict-plan': 'true' };
    const deployed = await deploy(shop, head, { tag: 'v2', inputs });
    expect(errorsOf(deployed)).toEqual([]);
    expect(deployed.log).toContain('Nothing beyond the plan that was approved');
  });

  it('says first what it does beyond that, and refuses it if it has to', async () => {
    const { head, ...shop } = await openWaiting('beyond');
    await client.delete(service('beyond'));
    await client.patch(api('beyond'), { metadata: { labels: { team: null } } });
    const inputs = { 'planned-from': '1', 'strict-plan': 'true' };
    const refused = await deploy(shop, head, { tag: 'v2', inputs });
    expect(refused.outputs['error']).toBe('plan-exceeded');
    expect(errorsOf(refused).toSorted()).toEqual([
      expect.stringContaining(
        'Deployment beyond-live/api would change in /metadata/labels/team (nothing -> "shop")',
      ),
      expect.stringContaining('Service beyond-live/api would be created'),
    ]);
    expect(await client.get(service('beyond'))).toBeUndefined();
    const deployed = await deploy(shop, head, { tag: 'v2', inputs: { 'planned-from': '1' } });
    expect(errorsOf(deployed)).toEqual([]);
    const [first, whole] = [
      deployed.log.indexOf('Beyond the plan that was approved: 2 objects'),
      deployed.log.indexOf("by the server's dry run"),
    ];
    expect([first > 0, first < whole]).toEqual([true, true]);
    expect(deployed.summary).toContain('Beyond the plan that was approved: 2 objects');
  });

  it('names what a rotated secret restarts, and no value of it', async () => {
    const { head, ...shop } = await openWaiting('rotated');
    const inputs = { 'planned-from': '1', 'strict-plan': 'true' };
    const refused = await deploy(shop, head, { tag: 'v2', inputs, password: 'another-password' });
    expect(refused.outputs['error']).toBe('plan-exceeded');
    expect(refused.log).toContain('Secret rotated-live/database');
    expect(refused.log).not.toContain('another-password');
  });

  it('does not take for approved what cannot be made again', async () => {
    const { head, ...shop } = await openWaiting('unsure');
    // A release that nothing has verified: the cluster knows it, and the registry does not.
    expect(errorsOf(await deploy(shop, head, { tag: 'v1' }))).toEqual([]);
    const planned = await plan(shop, head, 'v2');
    const late = await deploy(shop, head, { tag: 'v2', inputs: { 'planned-from': '1' } });
    expect(planned.outputs['previous-release']).toBe('1');
    expect(late.outputs['error']).toBe('plan-outdated');
    expect(errorsOf(late)).toEqual([
      expect.stringMatching(/release 2 is the newest and has no verdict by now; deploy "v1" once more or/),
    ]);
    const inputs = { 'planned-from': '2', 'strict-plan': 'true' };
    const refused = await deploy(shop, head, { tag: 'v2', inputs });
    expect(errorsOf(refused)).toEqual([
      expect.stringMatching(
        /the newest release that the registry knows is release 1 of 20\d\d-.*Z, and the plan was made against release 2/,
      ),
    ]);
    const deployed = await deploy(shop, head, { tag: 'v2', inputs: { 'planned-from': '2' } });
    expect(errorsOf(deployed)).toEqual([]);
    expect(deployed.log).toContain('What this does beyond the plan that was approved is not known');
  });
});

describe('a run that goes on after one that was cut off', () => {
  const owner = (name: string) => ({
    ...{ application: 'shop', formation: 'production', namespace: `${name}-live` },
  });
  const inputs = { 'planned-from': '1', 'strict-plan': 'true' };

  /** As a run does that is cancelled before it has a verdict. */
  async function closeAs(verdict: 'failed' | 'timed-out', name: string, number: number): Promise<void> {
    const record = await readRelease(client, owner(name), number);
    await closeRelease(client, record, verdict, () => new Date());
  }

  it('deploys the same tree once more, until it has a verdict', async () => {
    const { head, ...shop } = await openWaiting('again');
    expect(errorsOf(await deploy(shop, head, { tag: 'v2', inputs }))).toEqual([]);
    const second = await deploy(shop, head, { tag: 'v2', inputs });
    expect(errorsOf(second)).toEqual([]);
    expect(second.outputs['release']).toBe('3');
    const said = 'Release 2 of the same tree is live and has no verdict yet; going on with it';
    expect(second.log.split(said)).toHaveLength(2);
    expect(second.log).toContain('Nothing beyond the plan that was approved');
    await closeAs('timed-out', 'again', 3);
    const third = await release(shop, head, { tag: 'v2', inputs });
    expect(third.log).toContain('Release 3 of the same tree is live and has no verdict yet');
    const home = { registry: `${testbed.registry.address}/again/shop`, application: 'shop' };
    const target = { formation: 'production', destination: 'main' };
    const verdict = await readLatestVerdict(registry, home, target);
    expect(verdict).toMatchObject({ verdict: 'succeeded', release: 4, deploymentTag: 'v2' });
    const late = await deploy(shop, head, { tag: 'v2', inputs: { 'planned-from': '1' } });
    expect(errorsOf(late)).toEqual([]);
    expect(late.log).toContain('Release 4 of the same tree is live already; deploying it once more');
    expect((await deploy(shop, head, { tag: 'v2', inputs })).outputs['error']).toBe('plan-unknown');
  });

  it('still refuses what the plan does not have', async () => {
    const { head, ...shop } = await openWaiting('strictly');
    expect(errorsOf(await deploy(shop, head, { tag: 'v2', inputs }))).toEqual([]);
    await client.patch(api('strictly'), { metadata: { labels: { team: null } } });
    const refused = await deploy(shop, head, { tag: 'v2', inputs });
    expect(refused.outputs['error']).toBe('plan-exceeded');
    expect(refused.outputs).not.toHaveProperty('release');
  });

  it('is refused where something else was deployed in between', async () => {
    const { head, ...shop } = await openWaiting('between');
    const loose = { 'planned-from': '1' };
    expect(errorsOf(await deploy(shop, head, { tag: 'v2', inputs: loose }))).toEqual([]);
    const other = { 'allow-older': 'true', 'allow-older-config': 'true', reason: 'the old one' };
    expect(errorsOf(await deploy(shop, shop.first, { tag: 'v1', inputs: other }))).toEqual([]);
    expect(errorsOf(await deploy(shop, head, { tag: 'v2' }))).toEqual([]);
    const refused = await deploy(shop, head, { tag: 'v2', inputs: loose });
    expect(refused.outputs['error']).toBe('plan-outdated');
    expect(errorsOf(refused)).toEqual([expect.stringContaining('release 4 is the newest')]);
  });

  it('is refused once the registry has a verdict that it failed', async () => {
    const { head, ...shop } = await openWaiting('judged');
    const loose = { 'planned-from': '1' };
    expect(errorsOf(await deploy(shop, head, { tag: 'v2', inputs: loose }))).toEqual([]);
    await closeAs('failed', 'judged', 2);
    const home = { registry: `${testbed.registry.address}/judged/shop`, application: 'shop' };
    const target = { formation: 'production', destination: 'main' };
    const passed = await readLatestVerdict(registry, home, target);
    await pushVerdict(registry, await readSnapshot(registry, home, 'v2'), {
      ...{ ...passed, verdict: 'failed', release: 2, deploymentTag: 'v2' },
    } as Verdict);
    const refused = await deploy(shop, head, { tag: 'v2', inputs: loose });
    expect(refused.outputs['error']).toBe('plan-outdated');
  });
});

describe('a cluster that was lost, of which the registry knows release 2', () => {
  const target = { formation: 'production', destination: 'main' };
  const homeOf = (name: string) => ({
    ...{ registry: `${testbed.registry.address}/${name}/shop`, application: 'shop' },
  });
  const inputs = { 'planned-from': '2' };

  async function openLost(name: string) {
    const shop = await openWaiting(name);
    await release(shop, shop.head, { tag: 'v1' });
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: `${name}-live` };
    await client.delete(namespace);
    await until(async () => (await client.get(namespace)) === undefined);
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace.name } });
    return shop;
  }

  it('gets what was approved, and says what the plan was made from', async () => {
    const { head, ...shop } = await openLost('gone');
    const planned = await plan(shop, head, 'v2');
    expect(planned.outputs['previous-release']).toBe('2');
    const strict = { ...inputs, 'strict-plan': 'true' };
    const refused = await deploy(shop, head, { tag: 'v2', inputs: strict });
    expect(refused.outputs['error']).toBe('plan-outdated');
    expect(errorsOf(refused)).toEqual([expect.stringContaining('deploy without "strict-plan"')]);
    expect(await client.get(api('gone'))).toBeUndefined();
    const deployed = await deploy(shop, head, { tag: 'v2', inputs });
    expect(errorsOf(deployed)).toEqual([]);
    expect(deployed.outputs['release']).toBe('1');
    const said = 'this cluster has no release of "production/main", as after a cluster was lost';
    expect(deployed.log.split(said)).toHaveLength(2);
    expect(deployed.log).toContain('was made from release 2');
    // As after a run that was cut off before its verdict: plans are from release 2 still.
    const again = await release(shop, head, { tag: 'v2', inputs });
    expect(again.log).toContain('Release 1 of the same tree is live and has no verdict yet');
    expect((await readLatestVerdict(registry, homeOf('gone'), target))?.release).toBe(2);
    expect(errorsOf(await deploy(shop, head, { tag: 'v2', inputs }))).toEqual([]);
  });

  it('stays refused to another tree than the one that began there', async () => {
    const { head, ...shop } = await openLost('mixed');
    expect(errorsOf(await deploy(shop, head, { tag: 'v1' }))).toEqual([]);
    const refused = await deploy(shop, head, { tag: 'v2', inputs });
    expect(refused.outputs['error']).toBe('plan-outdated');
    expect(errorsOf(refused)).toEqual([expect.stringContaining('release 1 is the newest')]);
  });

  it('is still on hold', async () => {
    const { head, ...shop } = await openLost('held');
    const hold = { by: 'mia', reason: 'an audit', since: '2026-11-20T12:00:00.000Z' };
    await pushHold(registry, homeOf('held'), target, hold);
    const refused = await deploy(shop, head, { tag: 'v2', inputs });
    expect(refused.outputs['error']).toBe('formation-held');
    expect(await client.get(api('held'))).toBeUndefined();
  });

  it('is not one from which the formation was removed', async () => {
    const { head, ...shop } = await openLost('removed');
    const removal = { at: new Date().toISOString(), by: 'mia', namespace: 'removed-live', ...target };
    await pushRemoval(registry, homeOf('removed'), {
      ...{ apiVersion: 'slipway.dev/v1', kind: 'Removal', application: 'shop', ...removal },
    });
    const refused = await deploy(shop, head, { tag: 'v2', inputs });
    expect(refused.outputs['error']).toBe('plan-outdated');
    expect(errorsOf(refused)).toEqual([expect.stringContaining('or what was there was removed')]);
  });
});

/** A cluster that refuses to write a Deployment, other than in a dry run. */
function withoutDeployments(inner: ClusterClient): ClusterClient {
  return {
    ...inner,
    within: limit => withoutDeployments(inner.within(limit)),
    apply: async (object, options) => {
      if (options.dryRun !== true && object.kind === 'Deployment')
        throw new SlipwayError({ code: 'cluster-refused', message: 'not today' });
      return await inner.apply(object, options);
    },
  };
}

describe('a rollback that was cut off, which the registry does not know', () => {
  it('is what the next plan is from once it is verified, as the refusal says', async () => {
    const { head, ...shop } = await openWaiting('cut');
    expect(errorsOf(await deploy(shop, head, { tag: 'v2' }))).toEqual([]);
    const owner = { application: 'shop', formation: 'production', namespace: 'cut-live' };
    const [undone, clock] = [await readRelease(client, owner, 2), () => new Date()];
    const stopped = rollBack({
      ...{
        client: withoutDeployments(client),
        release: undone,
        repository: 'acme/shop',
        actor: 'mia',
        run: '',
      },
      ...{ reason: 'it failed', lockTimeout: 5_000, timeout: 5_000, logger: silentLogger, clock },
      signal: new AbortController().signal,
    });
    await expect(stopped).rejects.toThrow('not today');
    const inputs = { 'planned-from': '1' };
    const refused = await deploy(shop, head, { tag: 'v2', inputs });
    expect(refused.outputs['error']).toBe('plan-outdated');
    expect(errorsOf(refused)).toEqual([
      expect.stringContaining('verify release 3, which is a rollback, or roll back again and verify that'),
    ]);
    const verified = await step(jobAt(shop, head), 'verify-rollout', {
      ...{ release: '3', formation: 'production', kubeconfig: testbed.cluster.kubeconfig },
      ...{ 'stable-for': '0s', timeout: '5s' },
    });
    expect(verified.outputs['verdict']).toBe('failed');
    const planned = await plan(shop, head, 'v2');
    expect(planned.outputs['previous-release']).toBe('3');
    const again = await deploy(shop, head, { tag: 'v2', inputs: { 'planned-from': '3' } });
    expect(errorsOf(again)).toEqual([]);
  });
});
