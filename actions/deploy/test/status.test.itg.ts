import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ApplicationStatus, parseStatus, valueAt } from '@slipway/core';
import { closeRelease, readRelease, setHold } from '@slipway/release';
import type { StepResult } from '@slipway/testbed/runner';
import { until } from '@slipway/testkit/cluster';
import { parseDocument } from '@slipway/yaml';
import { useOpenCluster } from './cluster.ts';
import { deploy, errorsOf, makeWorkspace, type Workspace } from './fixture.ts';
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
      { destination: 'lost', state: 'unknown', unknown: [expect.stringContaining('127.0.0.1:1')] },
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
      { state: 'unknown', unknown: [expect.stringContaining('no release is noted')] },
    ]);
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
