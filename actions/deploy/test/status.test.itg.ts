import { readFile } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApplicationStatus, parseStatus, valueAt } from '@slipway/core';
import { closeRelease, readRelease, setHold } from '@slipway/release';
import { type GitHubDouble, startGitHub, type Token } from '@slipway/testbed/github';
import type { StepResult } from '@slipway/testbed/runner';
import { until } from '@slipway/testkit/cluster';
import { git, repository } from '@slipway/testkit/git';
import { parseDocument } from '@slipway/yaml';
import { useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, SNAPSHOT, type Workspace } from './fixture.ts';
import { readRole } from './roles.ts';

const cluster = useOpenCluster();
const { client } = cluster;

const FORMATION = 'formations/staging.yaml';
const NAMESPACES = ['seen-north', 'seen-south'] as const;

/** Two destinations in the testbed, and one in a cluster that does not answer. */
const DESTINATIONS = `north: {namespace: seen-north, context: testbed}
    south: {namespace: seen-south, context: testbed}
    lost: {namespace: seen-lost, context: lost}`;

let workspace: Workspace;
let reachable: Workspace;
/** With a context of a server that does not answer. */
let kubeconfig = '';
let viewer = '';

const withDestinations = (text: string): Promise<Workspace> =>
  makeWorkspace({
    directory: cluster.testbed.directory,
    namespace: 'none',
    changes: { [FORMATION]: all => all.replace('main: {namespace: none}', text) },
  });

async function withLostContext(path: string): Promise<string> {
  const config = parseDocument(await readFile(path, 'utf8'), 'kubeconfig').value as {
    readonly clusters: readonly object[];
    readonly contexts: readonly object[];
    readonly users: readonly { readonly name: string }[];
  };
  const user = config.users[0]?.name;
  return JSON.stringify({
    ...config,
    clusters: [...config.clusters, { name: 'lost', cluster: { server: 'http://127.0.0.1:1' } }],
    contexts: [...config.contexts, { name: 'lost', context: { cluster: 'lost', user } }],
  });
}

beforeAll(async () => {
  kubeconfig = await withLostContext(cluster.kubeconfig);
  workspace = await withDestinations(DESTINATIONS);
  reachable = await withDestinations(DESTINATIONS.replace(/\n {4}lost: .*/, ''));
  for (const namespace of NAMESPACES) {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const object of await readRole('viewer', namespace)) await client.create(object);
    const destination = namespace.replace('seen-', '');
    const result = await deploy(reachable, { kubeconfig, destination, reason: `for ${destination}` });
    expect(errorsOf(result)).toEqual([]);
    await ready(namespace);
    const owner = { application: 'shop', formation: 'staging', namespace };
    await closeRelease(client, await readRelease(client, owner, 1), 'succeeded', () => new Date());
  }
  viewer = await cluster.testbed.cluster.userKubeconfig('viewer');
});

const ready = (namespace: string): Promise<void> =>
  until(async () => {
    const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    const status = (field: string) => valueAt(live ?? {}, ['status', field]);
    return status('availableReplicas') === 1 && status('observedGeneration') === live?.metadata['generation'];
  });

const look = (from: Workspace, inputs: Record<string, string>): Promise<StepResult> =>
  deploy({ ...from, manifests: '', digest: '' }, { kubeconfig, mode: 'status', secrets: '', ...inputs }, {});

const statusOf = async ({ outputs }: StepResult): Promise<ApplicationStatus> =>
  parseStatus(await readFile(outputs['status'] ?? '', 'utf8'), 'status.json');

const settings = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  name: 'settings',
});

/** The registry is asked what the cluster does not say, and that of this application does not exist. */
const NO_REGISTRY = expect.stringMatching(/^what the registry has of it: .*registry\.example/);

describe('mode status', () => {
  it('shows every destination, and fails for one that it cannot reach only after that', async () => {
    const result = await look(workspace, {});
    expect(errorsOf(result)).toEqual([
      '1 of 3 destinations could not be seen as a whole: staging/lost; the summary says what is not known, and why',
    ]);
    expect(result.outputs).toMatchObject({ state: 'unknown', error: 'status-unknown' });
    const { destinations } = await statusOf(result);
    expect(destinations).toMatchObject([
      {
        ...{ destination: 'north', state: 'fine', kept: 1, attention: [], unknown: [] },
        live: { source: 'record', release: 1, deploymentTag: 'v1', verdict: 'succeeded', why: 'for north' },
        ...{ health: { ready: 1, total: 1, objects: [] }, drift: { compared: 3, objects: [] } },
      },
      { destination: 'south', state: 'fine', live: { why: 'for south' } },
      {
        ...{ destination: 'lost', state: 'unknown' },
        unknown: [expect.stringContaining('127.0.0.1:1'), NO_REGISTRY],
      },
    ]);
    expect(destinations[2]).not.toHaveProperty('health');
    expect(result.summary).toContain('<code>staging/lost</code>');
    const page = await readFile(result.outputs['status-page'] ?? '', 'utf8');
    expect(page).toContain('<code>staging/north</code>');
    expect(page).toContain('Content-Security-Policy');
  });

  it('shows the same with the shipped Role, which may read no Secret, and says what it did not see', async () => {
    const result = await look(reachable, { kubeconfig: await userConfig() });
    expect(errorsOf(result)).toEqual([]);
    const { state, destinations } = await statusOf(result);
    expect(state).toBe('fine');
    expect(destinations).toMatchObject([
      {
        ...{ destination: 'north', state: 'fine', attention: [], unknown: [] },
        live: { source: 'note', release: 1, deploymentTag: 'v1', verdict: 'succeeded', why: 'for north' },
        ...{ health: { ready: 1, total: 1 }, drift: { compared: 2, objects: [] } },
        limits: [expect.stringContaining('Secrets may not be read'), '1 Secret not compared'],
      },
      { destination: 'south' },
    ]);
    expect(destinations[0]).not.toHaveProperty('kept');
  });

  it('is accompanied by the kept releases of every destination, in mode releases', async () => {
    const result = await look(workspace, { mode: 'releases' });
    expect(errorsOf(result)).toEqual([expect.stringContaining('127.0.0.1:1')]);
    expect(result.log).toMatch(/staging\/north, namespace seen-north:\n1 succeeded v1 /);
    expect(result.log).toMatch(/staging\/south, namespace seen-south:\n1 succeeded v1 /);
    expect(result.summary).toMatch(
      /Releases of shop\/staging at lost, namespace seen-lost\n\nThey are not known\./,
    );
    const one = await look(workspace, { mode: 'releases', destination: 'south' });
    expect(errorsOf(one)).toEqual([]);
    expect(one.log).not.toContain('namespace seen-north');
    const compared = await look(workspace, { mode: 'releases', against: '1' });
    expect(compared.outputs['error']).toBe('destination-unclear');
  });

  it('of one destination looks at no other', async () => {
    const result = await look(workspace, { destination: 'south' });
    expect(errorsOf(result)).toEqual([]);
    expect((await statusOf(result)).destinations).toMatchObject([{ destination: 'south' }]);
    const unknown = await look(workspace, { formation: 'production' });
    expect(unknown.outputs['error']).toBe('destination-unclear');
  });

  it('shows what waits: a hold, and a release without a verdict', async () => {
    const owner = {
      ...{ application: 'shop', formation: 'staging', namespace: 'seen-south' },
      repository: 'acme/shop',
    };
    const again = await withDestinations(DESTINATIONS.replace(/\n {4}lost: .*/, ''));
    expect(errorsOf(await deploy(again, { kubeconfig, destination: 'south' }))).toEqual([]);
    await setHold(client, owner, { by: 'mia', reason: 'an audit', since: '2026-11-20T10:00:00.000Z' });
    for (const inputs of [{}, { kubeconfig: await userConfig() }]) {
      const result = await look(reachable, { destination: 'south', ...inputs });
      expect(errorsOf(result)).toEqual([]);
      expect((await statusOf(result)).destinations).toMatchObject([
        {
          ...{ state: 'waiting', hold: { by: 'mia' }, live: { release: 2 } },
          waiting: [
            expect.stringContaining('release 2 has no verdict'),
            'on hold since 2026-11-20T10:00:00.000Z by mia: an audit',
          ],
        },
      ]);
    }
  });

  it('shows who changed which field, with and without the right to Secrets, and never its value', async () => {
    await client.patch(settings('seen-north'), { data: { level: 'a-secret-value' } });
    for (const inputs of [{}, { kubeconfig: await userConfig() }]) {
      const result = await look(reachable, { destination: 'north', ...inputs });
      const status = await statusOf(result);
      expect(status.destinations).toMatchObject([
        {
          state: 'attention',
          drift: {
            objects: [
              { object: { kind: 'ConfigMap', name: 'settings' }, change: 'changed', fields: ['/data/level'] },
            ],
          },
        },
      ]);
      expect(result.log + result.summary + JSON.stringify(status)).not.toContain('a-secret-value');
    }
  });

  it('shows what was removed and what is not ready', async () => {
    await client.delete(settings('seen-north'));
    const api = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'seen-north', name: 'api' };
    await client.delete(api);
    for (const inputs of [{}, { kubeconfig: await userConfig() }]) {
      const result = await look(reachable, { destination: 'north', ...inputs });
      const [north] = (await statusOf(result)).destinations;
      expect(north).toMatchObject({ state: 'attention', health: { ready: 0, total: 1 } });
      expect(north?.drift?.objects.map(({ object, change }) => [object.name, change]).sort()).toEqual([
        ['api', 'removed'],
        ['settings', 'removed'],
      ]);
    }
  });

  it('knows nothing where there is neither a note nor the right to Secrets, and says so', async () => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'seen-north' };
    await client.delete({ ...lease, name: 'slipway.shop.staging.status' });
    const result = await look(reachable, { destination: 'north', kubeconfig: await userConfig() });
    expect(result.outputs).toMatchObject({ state: 'unknown', error: 'status-unknown' });
    expect((await statusOf(result)).destinations).toMatchObject([
      { state: 'unknown', unknown: [NO_REGISTRY, expect.stringContaining('no release is noted')] },
    ]);
  });
});

const PRODUCTION = `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: production}
spec:
  destinations: {eu: {namespace: seen-eu, context: testbed}}
`;

describe('with GitHub', () => {
  const started: GitHubDouble[] = [];
  afterEach(async () => {
    const doubles = started.splice(0);
    await Promise.all(doubles.map(double => double.stop()));
    expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
  });

  const revisions = repository({ 'a.txt': '0' });
  for (const title of ['one', 'two']) git(revisions, 'commit', '--allow-empty', '--quiet', '-m', title);
  const [newest = '', middle = '', oldest = ''] = git(revisions, 'rev-list', 'HEAD').trim().split('\n');

  async function startDouble(token: Partial<Token>): Promise<GitHubDouble> {
    const tokens = new Map([['ghs_1', { login: 'github-actions[bot]', ...token }]]);
    const github = await startGitHub({ directory: revisions, tokens });
    started.push(github);
    const pull = { number: 12, author: 'ada', head: middle, commits: [middle], title: 'Change one' };
    github.state.pulls.push({ ...pull, merged: { at: '2026-11-20T10:00:00Z', commit: middle } });
    return github;
  }

  const deployed = (tag: string, gitRevision: string, formation: string, github?: GitHubDouble) =>
    makeWorkspace({
      directory: cluster.testbed.directory,
      namespace: 'seen-one',
      files: { 'formations/production.yaml': PRODUCTION },
      changes: {
        [FORMATION]: text => text.replace('seen-one', 'seen-one, context: testbed'),
        'formations/production.yaml': text =>
          github === undefined ? text : text.replace('spec:', 'spec:\n  promoted-from: staging'),
      },
      formations: [formation],
      snapshot: { ...SNAPSHOT, deploymentTag: tag, gitRevision },
      ...(github === undefined ? {} : { environment: { GITHUB_API_URL: github.apiUrl } }),
    });

  beforeAll(async () => {
    for (const [namespace, formation, tag, commit] of [
      ['seen-one', 'staging', 'v3', newest],
      ['seen-eu', 'production', 'v1', oldest],
    ] as const) {
      await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      expect(errorsOf(await deploy(await deployed(tag, commit, formation), { kubeconfig }))).toEqual([]);
      await ready(namespace);
      const owner = { application: 'shop', formation, namespace };
      await closeRelease(client, await readRelease(client, owner, 1), 'succeeded', () => new Date());
    }
  });

  it('says by how many commits and pull requests production is behind, and keeps an issue about it', async () => {
    const github = await startDouble({ issues: 'write' });
    const from = await deployed('v3', newest, 'staging', github);
    expect(errorsOf(await look(from, { token: 'ghs_1' }))).toEqual([]);
    expect(github.requests).toEqual(['POST /api/graphql']);
    const result = await look(from, { token: 'ghs_1', issue: 'waiting' });
    expect(errorsOf(result)).toEqual([]);
    const { destinations } = await statusOf(result);
    expect(destinations.find(({ formation }) => formation === 'production')).toMatchObject({
      ...{ state: 'waiting', waiting: ['2 commits behind staging, where v3 passed, 1 pull request'] },
      behind: {
        ...{ formation: 'staging', isBehind: true, deploymentTag: 'v3', count: 2 },
        ...{ commits: [{ title: 'two' }, { title: 'one' }], pulls: [{ number: 12, title: 'Change one' }] },
      },
    });
    expect(github.state.issues).toMatchObject([
      { state: 'open', title: 'What runs where: shop', body: expect.stringContaining('behind staging') },
    ]);
    expect(errorsOf(await look(from, { token: 'ghs_1', issue: 'attention' }))).toEqual([]);
    expect(github.state.issues).toMatchObject([{ state: 'closed' }]);
    expect(result.summary).toContain('/pull/12)');
  });

  it('shows all the rest where GitHub refuses, and says that commits were not counted', async () => {
    const github = await startDouble({ issues: 'write' });
    const from = await deployed('v3', newest, 'staging', github);
    github.fail({ status: 403 });
    const result = await look(from, { token: 'ghs_1' });
    expect(errorsOf(result)).toEqual([]);
    const { state, destinations } = await statusOf(result);
    expect(state).toBe('waiting');
    expect(destinations.find(({ formation }) => formation === 'production')).toMatchObject({
      ...{
        state: 'waiting',
        waiting: ['v3 passed at staging'],
        health: { ready: 1 },
        live: { verdict: 'succeeded' },
      },
      limits: [expect.stringMatching(/^commits were not counted: /)],
    });
  });

  it('says in one sentence what the token lacks, after everything is shown', async () => {
    const github = await startDouble({ issues: 'read' });
    const from = await deployed('v3', newest, 'staging', github);
    const result = await look(from, { token: 'ghs_1', issue: 'waiting' });
    expect(errorsOf(result)).toEqual([
      'the issue about shop could not be written, because the token lacks "issues: write"; give the job the permission "issues: write", or leave out the input "issue"',
    ]);
    expect(result.outputs).toMatchObject({ state: 'waiting', error: 'issue-forbidden' });
  });
});

/** A viewer's kubeconfig whose context has the name that the formation gives. */
async function userConfig(): Promise<string> {
  const config = parseDocument(await readFile(viewer, 'utf8'), 'kubeconfig').value as {
    readonly contexts: readonly { readonly context: object }[];
  };
  const contexts = [{ name: 'testbed', context: config.contexts[0]?.context }];
  return JSON.stringify({ ...config, contexts, 'current-context': 'testbed' });
}
