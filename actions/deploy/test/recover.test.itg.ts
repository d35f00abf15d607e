import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type Snapshot, valueAt } from '@slipway/core';
import { openRegistryClient, pushSnapshot, type RegistryClient, readLatestVerdict } from '@slipway/registry';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';
import { commit, type Files, git, repository, scratch } from '@slipway/testkit/git';
import { errorsOf, SNAPSHOT } from './fixture.ts';

const testbed = useTestbed({ parts: ['registry'] });

const ACTIONS = resolve(import.meta.dirname, '../..');
const ROOT = resolve(ACTIONS, '..');
const NAMESPACES = { 'staging/main': 'back-staging', 'production/eu': 'back-eu' } as const;
type Target = keyof typeof NAMESPACES;

const formation = (name: string, spec: string): string =>
  `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: ${name}}\nspec:\n${spec}`;

const config = (port: number): Files => ({
  'config/shop.yaml': `apiVersion: slipway.dev/v1
kind: Config
spec:
  values: {"*.*.port": ${port}}
  secrets: {"*.*.database.password": {from: env, name: PASSWORD}}
`,
});

const files = (home: string): Files => ({
  'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec: {registry: ${home}, services: {api: {image: docker.io/library/api:1}}}
`,
  'formations/staging.yaml': formation(
    'staging',
    '  destinations: {main: {namespace: back-staging, context: testbed}}\n',
  ),
  'formations/production.yaml': formation(
    'production',
    '  promoted-from: staging\n  destinations: {eu: {namespace: back-eu, context: testbed}}\n',
  ),
  'formations/never.yaml': formation(
    'never',
    '  destinations: {main: {namespace: back-never, context: testbed}}\n',
  ),
  ...config(8080),
  'stencils/api.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: api}
data: {port: "\${config.port}"}
---
apiVersion: v1
kind: Secret
metadata: {name: database}
stringData: {password: "\${secret.database.password}"}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: run, image: "\${image.api}"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, annotations: {slipway.dev/order: "1"}}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: "\${image.api}"}]}
`,
});

interface Living {
  readonly testbed: Testbed;
  readonly client: ClusterClient;
  readonly kubeconfig: string;
}

/** An API server without any data, with the namespaces. */
async function startCluster(): Promise<Living> {
  const started = await startTestbed({ parts: ['cluster'] });
  const kubeconfig = started.cluster?.kubeconfig ?? '';
  const client = await connect(kubeconfig);
  for (const name of Object.values(NAMESPACES))
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return { testbed: started, client, kubeconfig };
}

async function lose({ testbed: started, client }: Living): Promise<void> {
  client.close();
  await started.stop();
}

let registry: RegistryClient;
let origin = '';
let cluster: Living;
const commits: string[] = [];
/** What Slipway owned in the cluster that was lost, by target. */
const owned = new Map<Target, unknown>();

async function step(
  action: string,
  inputs: Readonly<Record<string, string>>,
  sha = commits.at(-1) ?? '',
  from = origin,
): Promise<StepResult> {
  const workspace = scratch();
  git(workspace, 'clone', '--quiet', `file://${from}`, '.');
  git(workspace, 'checkout', '--quiet', sha);
  const job = createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin', sha });
  return await runStep(job, { action, inputs, environment: { PASSWORD: 'p@ss/word' } });
}

const targetOf = (target: Target) => {
  const [name = '', destination = ''] = target.split('/');
  return { formation: name, destination };
};

/** A job that renders, deploys and verifies as the workflows do. */
async function release(snapshot: Snapshot, target: Target, sha: string): Promise<void> {
  const result = await step(
    ROOT,
    {
      ...{ steps: 'render, deploy, verify', snapshot: snapshot.deploymentTag, ...targetOf(target) },
      ...{ kubeconfig: cluster.kubeconfig, secrets: 'env=PASSWORD', 'stable-for': '0s' },
    },
    sha,
  );
  expect(result.exitCode === 0 ? '' : result.log).toBe('');
}

const recoverInputs = (target: Target): Readonly<Record<string, string>> => ({
  ...{ steps: 'deploy, verify', mode: 'recover', ...targetOf(target), 'stable-for': '0s' },
  ...{ kubeconfig: cluster.kubeconfig, secrets: 'env=PASSWORD', reason: 'the cluster was lost' },
});

async function pushTagged(deploymentTag: string, gitRevision: string): Promise<Snapshot> {
  const home = `${testbed.registry.address}/back/shop`;
  const image = { name: `${home}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' as const };
  const snapshot = { ...SNAPSHOT, deploymentTag, gitRevision, registry: home, images: { api: image } };
  await pushSnapshot(registry, snapshot);
  return snapshot;
}

/** The fields of all objects that Slipway owns, with their values. */
async function ownedIn(namespace: string): Promise<unknown> {
  const kinds = [
    ['v1', 'ConfigMap'],
    ['v1', 'Secret'],
    ['apps/v1', 'Deployment'],
    ['batch/v1', 'Job'],
  ] as const;
  const found: Record<string, unknown> = {};
  for (const [apiVersion, kind] of kinds)
    for (const { metadata } of (await cluster.client.listMetadata({ apiVersion, kind, namespace })).items) {
      // Records and the inventory have numbers and times of their own.
      if (metadata.name.startsWith('slipway.')) continue;
      const object = await cluster.client.get({ apiVersion, kind, namespace, name: metadata.name });
      const managed = object?.metadata['managedFields'];
      const entry = (Array.isArray(managed) ? managed : []).find(
        one => /^slipway:/.test(String(valueAt(one, ['manager']))) && valueAt(one, ['operation']) === 'Apply',
      );
      if (entry !== undefined) found[`${kind} ${metadata.name}`] = pick(object, valueAt(entry, ['fieldsV1']));
    }
  return found;
}

/** The part of a value that a set of fields of managedFields names. */
function pick(value: unknown, fields: unknown): unknown {
  if (!isJsonObject(fields) || Object.keys(fields).length === 0) return value;
  return Object.fromEntries(
    Object.entries(fields).map(([key, below]) => {
      // Which release wrote an object last: numbers begin again, and one that did not change was written by an earlier one.
      if (key === 'f:slipway.dev/release' || key === 'f:slipway.dev/deployment-tag') return [key, null];
      if (key.startsWith('f:'))
        return [key, pick(isJsonObject(value) ? value[key.slice(2)] : undefined, below)];
      if (!key.startsWith('k:')) return [key, null];
      const wanted = Object.entries(JSON.parse(key.slice(2)) as object);
      const item = (Array.isArray(value) ? value : []).find(one =>
        wanted.every(([name, expected]) => isJsonObject(one) && one[name] === expected),
      );
      return [key, pick(item, below)];
    }),
  );
}

beforeAll(async () => {
  registry = await openRegistryClient({ environment: {} });
  origin = repository(files(`${testbed.registry.address}/back/shop`));
  commits.push(git(origin, 'rev-parse', 'HEAD'));
  commits.push(commit(origin, config(9090)));
  const [first = '', second = ''] = commits;
  cluster = await startCluster();
  const v1 = await pushTagged('v1', first);
  await release(v1, 'staging/main', first);
  await release(v1, 'production/eu', first);
  // Staging goes on, and production stays; what is checked out later was released nowhere.
  await release(await pushTagged('v2', second), 'staging/main', second);
  commits.push(commit(origin, config(7070)));
  for (const [target, namespace] of Object.entries(NAMESPACES))
    owned.set(target as Target, await ownedIn(namespace));
  await lose(cluster);
  cluster = await startCluster();
});

afterAll(async () => {
  await lose(cluster);
});

describe('a cluster that was lost and made again', () => {
  it('had what the registry and Git say, in the order in which it is brought back', async () => {
    const result = await step(join(ACTIONS, 'deploy'), { mode: 'recover-plan', destination: 'eu' });
    expect(errorsOf(result)).toEqual([]);
    expect(JSON.parse(result.outputs['targets'] ?? '')).toEqual([
      { formation: 'staging', destination: 'main', environment: '' },
      { formation: 'production', destination: 'eu', environment: '' },
    ]);
    expect(result.log).toContain('shop: 2 of 3 destinations can be brought back');
    expect(result.log).toContain(`production/eu: v1, from commit ${commits[0]?.slice(0, 12)}`);
    expect(result.log).toContain(`staging/main: v2, from commit ${commits[1]?.slice(0, 12)}`);
    expect(result.summary).toContain('they run again: Job back-eu/migrate');
    expect(result.log).toMatch(/never\/main is not brought back: the registry has no verdict/);
  });

  it.each(Object.entries(NAMESPACES) as [Target, string][])(
    'has %s again, each field that Slipway owns as it was, with a verdict',
    async (target, namespace) => {
      const result = await step(ROOT, recoverInputs(target));
      expect(result.exitCode === 0 ? '' : result.log).toBe('');
      expect(result.outputs).toMatchObject({ release: '1' });
      const home = { registry: `${testbed.registry.address}/back/shop`, application: 'shop' };
      const verdict = await readLatestVerdict(registry, home, targetOf(target));
      expect(verdict).toMatchObject({
        verdict: 'succeeded',
        release: 1,
        namespace,
        reason: 'the cluster was lost',
      });
      const before = owned.get(target);
      expect(Object.keys(before ?? {})).toEqual(expect.arrayContaining(['ConfigMap api', 'Deployment api']));
      expect(await ownedIn(namespace)).toEqual(before);
    },
  );

  it('goes on where a run was cut off, and is refused where something else runs', async () => {
    const again = await step(ROOT, recoverInputs('staging/main'));
    expect(again.exitCode === 0 ? '' : again.log).toBe('');
    // A release that has no verdict yet, of another commit.
    const rendered = await step(join(ACTIONS, 'render-stencil'), { formation: 'staging', snapshot: 'v2' });
    const { manifests = '', digest = '' } = rendered.outputs;
    const deployed = await step(join(ACTIONS, 'deploy'), {
      ...{ manifests, digest, formation: 'staging' },
      ...{ kubeconfig: cluster.kubeconfig, secrets: 'env=PASSWORD' },
    });
    expect(errorsOf(deployed)).toEqual([]);
    const refused = await step(ROOT, recoverInputs('staging/main'));
    expect(refused.outputs['error']).toBe('recovery-not-empty');
  });

  it('is refused for a formation that is held', async () => {
    const held = await step(join(ACTIONS, 'deploy'), {
      ...{ mode: 'hold', ...targetOf('production/eu'), reason: 'an audit', kubeconfig: cluster.kubeconfig },
    });
    expect(errorsOf(held)).toEqual([]);
    const refused = await step(ROOT, recoverInputs('production/eu'));
    expect(refused.outputs['error']).toBe('recovery-refused');
    expect(errorsOf(refused).join()).toContain('"production/eu" is not recovered: it is held by');
    const plan = await step(join(ACTIONS, 'deploy'), { mode: 'recover-plan', destination: 'eu' });
    expect(plan.log).toMatch(/refused production\/eu: v1|production\/eu is not brought back: it is held by/);
  });

  it('is refused for a commit that the history of the checkout does not have', async () => {
    const other = repository(files(`${testbed.registry.address}/back/shop`));
    const head = commit(other, { 'README.md': 'another history' });
    const refused = await step(ROOT, recoverInputs('staging/main'), head, other);
    expect(refused.outputs['error']).toBe('recovery-refused');
    expect(errorsOf(refused).join()).toMatch(/is not in the history of/);
  });
});
