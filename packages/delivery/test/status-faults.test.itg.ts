import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import {
  type ApplicationStatus,
  defined,
  parseStatus,
  type Snapshot,
  silentLogger,
  type Verdict,
} from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { openRegistryClient, pushHold, pushSnapshot, pushVerdict } from '@slipway/registry';
import { closeRelease, setHold, undoRelease } from '@slipway/release';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect, createNamespace, kubeconfigFor, until } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { destroyFormationOf, readApplicationStatus, type StatusSurroundings } from '../src/index.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry'] });
const client = useClient(() => testbed.cluster.kubeconfig);
const clock = (): Date => new Date();

const DESTINATIONS = ['fine', 'gone', 'busy', 'back', 'denied', 'lost', 'away'] as const;
const COMMIT = 'a'.repeat(40);
const namespaceOf = (destination: string): string => `faults-${destination}`;
const home = () => `${testbed.registry.address}/status-faults/shop`;

/** A request of the application `shop`, or of another one in the same namespace. */
const request = (destination: string, level: string, application = 'shop') => {
  const namespace = namespaceOf(destination);
  const changes = { application, deploymentTag: 'v1', configRevision: COMMIT };
  const made = requestFor(namespace, [configMap(`${application}-settings`, { level })], changes);
  return { ...made, identity: { ...made.identity, destination } };
};

async function release(
  destination: string,
  level: string,
  verdict: Verdict['verdict'],
  application?: string,
) {
  const { release: made } = await deploy(client, request(destination, level, application));
  return await closeRelease(client, made, verdict, clock);
}

const snapshot = (): Snapshot => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag: 'v1' },
  ...{ created: '2026-11-20T10:00:00Z', registry: home(), gitRevision: COMMIT },
  images: { api: { name: `${home()}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' } },
});

const verdictAt = (destination: string): Verdict => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Verdict', verdict: 'succeeded', application: 'shop' },
  ...{
    formation: 'staging',
    destination,
    namespace: namespaceOf(destination),
    deploymentTag: 'v1',
    release: 1,
  },
  ...{ configRevision: COMMIT, released: '2026-11-20T10:59:00Z', actor: 'mia', reason: 'hotfix' },
  ...{ started: '2026-11-20T11:00:00Z', finished: '2026-11-20T11:01:00Z', summary: 'why', objects: [] },
});

let workspace = '';
const written = async (registry: string): Promise<string> => {
  const folder = await mkdtemp(join(testbed.directory, 'faults-'));
  await mkdir(join(folder, 'formations'));
  const head = (kind: string, name: string) =>
    `apiVersion: slipway.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n`;
  const lines = DESTINATIONS.map(
    name => `    ${name}: {namespace: ${namespaceOf(name)}, context: ${name}}\n`,
  );
  const files = {
    'slipway.yaml': `${head('Application', 'shop')}  registry: ${registry}\n  services: {api: {image: docker.io/library/api:1}}\n`,
    'formations/staging.yaml': `${head('Formation', 'staging')}  destinations:\n${lines.join('')}`,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  return folder;
};

/** Looks as the administrator, but for the two destinations that cannot be seen so. */
async function look(
  destinations: readonly string[] = [],
  { from = workspace, admin = testbed.cluster.kubeconfig } = {},
): Promise<ApplicationStatus['destinations']> {
  const status = await readApplicationStatus(
    { application: '', formation: '', destinations, namespace: '', context: '', registry: '' },
    await surroundings(from, admin),
  );
  return parseStatus(JSON.stringify(status), 'status.json').destinations;
}

async function surroundings(from: string, admin: string): Promise<StatusSurroundings> {
  const kubeconfigs: Readonly<Record<string, string>> = {
    lost: kubeconfigFor('http://127.0.0.1:1'),
    denied: await testbed.cluster.userKubeconfig('stranger'),
  };
  return {
    ...{ workspace: from, environment: {}, clock, signal: new AbortController().signal },
    ...{ logger: silentLogger, repositoryUrl: 'https://github.example/acme/shop' },
    run: { repository: 'acme/shop', actor: 'ada', url: 'https://github.example/acme/shop/actions/runs/3' },
    history: { between: async () => 'GitHub is not asked here' },
    openCluster: async ({ name }: { name: string }) => await connect(kubeconfigs[name] ?? admin),
    openRegistry: () => openRegistryClient({ environment: {} }),
  } as unknown as StatusSurroundings;
}

/** Removes what was released at a destination. */
async function remove(destination: string): Promise<void> {
  const choice = { application: '', formation: 'staging', namespace: '', context: '' };
  const request = {
    ...choice,
    destinations: [destination],
    confirm: 'shop/staging',
    reason: 'the trial is over',
  };
  await destroyFormationOf(
    { ...request, lockTimeout: 10_000 },
    await surroundings(workspace, testbed.cluster.kubeconfig),
  );
}

const lease = (name: string, destination: string, changes: object): KubernetesObject =>
  ({
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    metadata: { name, namespace: namespaceOf(destination) },
    ...changes,
  }) as KubernetesObject;

beforeAll(async () => {
  workspace = await written(home());
  for (const name of DESTINATIONS) if (name !== 'lost') await createNamespace(client, namespaceOf(name));
  const recorded = new Map<string, string>();
  for (const name of ['fine', 'gone', 'busy', 'back', 'denied', 'away'])
    recorded.set(name, (await release(name, 'one', 'succeeded')).created);
  const registry = await openRegistryClient({ environment: {} });
  await pushSnapshot(registry, snapshot());
  for (const name of ['gone', 'lost']) await pushVerdict(registry, snapshot(), verdictAt(name));
  await pushVerdict(registry, snapshot(), {
    ...verdictAt('away'),
    ...defined({ released: recorded.get('away') }),
  });
  for (const name of ['gone', 'lost']) {
    const hold = { by: 'mia', reason: 'an audit', since: '2026-11-20T12:00:00.000Z' };
    await pushHold(
      registry,
      { registry: home(), application: 'shop' },
      { formation: 'staging', destination: name },
      hold,
    );
  }
});

describe('the status of destinations of which each is wrong in its own way', () => {
  it('is fine where another application of the namespace has failed', async () => {
    await release('fine', 'one', 'failed', 'blog');
    expect(await look(['fine'])).toMatchObject([
      { state: 'fine', live: { release: 1, verdict: 'succeeded' }, kept: 1, drift: { compared: 1 } },
    ]);
  });

  it('of a namespace that was deleted has what the registry knows, and no health', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: namespaceOf('gone') };
    await client.delete(namespace);
    await until(async () => (await client.get(namespace)) === undefined);
    for (const isMadeAgain of [false, true]) {
      if (isMadeAgain) await createNamespace(client, namespaceOf('gone'));
      const [row] = await look(['gone']);
      expect(row).toMatchObject({
        ...{ state: 'attention', hold: { by: 'mia' }, kept: 0, unknown: [] },
        attention: [expect.stringMatching(/^nothing is recorded here, although release 1 /)],
        waiting: ['on hold since 2026-11-20T12:00:00.000Z by mia: an audit'],
        live: {
          ...{ source: 'registry', release: 1, deploymentTag: 'v1', commit: COMMIT, configCommit: COMMIT },
          ...{ by: 'mia', why: 'hotfix', since: '2026-11-20T10:59:00Z', verdict: 'succeeded' },
        },
      });
      expect(row).not.toHaveProperty('health');
      expect(row).not.toHaveProperty('drift');
    }
  });

  it('names the run that has the lock while it works, and no lock afterwards', async () => {
    let free = (): void => {};
    const gate = new Promise<void>(resolve => {
      free = resolve;
    });
    let isLocked = false;
    const gated: ClusterClient = {
      ...client,
      within: limit => {
        const inner = client.within(limit);
        return {
          ...inner,
          // The first Secret under the lock is the record.
          async create(object) {
            if (object.kind === 'Secret') {
              isLocked = true;
              await gate;
            }
            return await inner.create(object);
          },
        };
      },
    };
    const running = deploy(gated, request('busy', 'two'));
    try {
      await until(async () => isLocked);
      expect(await look(['busy'])).toMatchObject([
        {
          ...{ state: 'waiting', live: { release: 1 }, attention: [], unknown: [] },
          lock: { by: 'https://github.example/acme/shop/actions/runs/1', isStale: false },
          waiting: [expect.stringMatching(/^locked by https:.*\/runs\/1 since .*: a run is at work$/)],
        },
      ]);
    } finally {
      free();
    }
    const { release: made } = await running;
    const [open] = await look(['busy']);
    expect(open).toMatchObject({ state: 'waiting', live: { release: 2 } });
    expect(open).not.toHaveProperty('lock');
    await closeRelease(client, made, 'succeeded', clock);
  });

  it('says that a killed run has left its lock behind', async () => {
    const at = '2026-11-20T10:00:00.000000Z';
    const spec = { holderIdentity: 'https://github.example/acme/shop/actions/runs/9#0123456789abcdef' };
    const left = lease('slipway.shop.staging', 'fine', {
      spec: { ...spec, leaseDurationSeconds: 30, acquireTime: at, renewTime: at },
    });
    await client.create(left);
    expect(await look(['fine'])).toMatchObject([
      {
        ...{ state: 'attention', lock: { by: expect.stringMatching(/runs\/9$/), isStale: true } },
        attention: [expect.stringContaining('ended without releasing it')],
      },
    ]);
    await client.delete({ ...left, name: 'slipway.shop.staging', namespace: namespaceOf('fine') });
  });

  it('says what a rollback by hand undid, who and why, and the hold that it left', async () => {
    const second = await release('back', 'two', 'failed');
    const { identity } = request('back', 'two');
    await setHold(client, identity, { by: 'ada', reason: 'a rollback', since: clock().toISOString() });
    const back = await undoRelease({
      ...{ client, clock, signal: new AbortController().signal, logger: silentLogger, release: second },
      ...{ repository: 'acme/shop', actor: 'ada', run: '', reason: 'it fails', timeout: 10_000 },
      ...{ lockTimeout: 10_000, onRecorded: () => {} },
    } as Parameters<typeof undoRelease>[0]);
    expect(back).toBeDefined();
    expect(await look(['back'])).toMatchObject([
      {
        ...{ state: 'waiting', hold: { by: 'ada' }, kept: 3 },
        live: { release: 3, rollbackOf: 2, restores: 1, by: 'ada', why: 'it fails' },
      },
    ]);
  });

  it('says who removed what was released, when and why, also without the right to Secrets', async () => {
    const viewer = await withoutSecrets('away');
    await remove('away');
    for (const admin of [testbed.cluster.kubeconfig, viewer]) {
      const [row] = await look(['away'], { admin });
      expect(row).toMatchObject({
        ...{ state: 'waiting', attention: [], unknown: [] },
        waiting: [expect.stringMatching(/^removed on 20\d\d-.*Z by ada: the trial is over$/)],
      });
      expect(row).not.toHaveProperty('live');
    }
  });

  it('keeps each from hiding another, and takes none that was not seen for fine', async () => {
    const rows = await look();
    expect(rows.map(({ destination, state }) => [destination, state])).toEqual([
      ['fine', 'fine'],
      ['gone', 'attention'],
      ['busy', 'fine'],
      ['back', 'waiting'],
      ['denied', 'unknown'],
      ['lost', 'unknown'],
      ['away', 'waiting'],
    ]);
    const [, , , , denied, lost] = rows;
    expect(denied?.unknown).toEqual([expect.stringContaining('stranger')]);
    expect(lost).toMatchObject({
      ...{ unknown: [expect.stringContaining('127.0.0.1:1')], hold: { by: 'mia' } },
      live: { source: 'registry', release: 1, verdict: 'succeeded', configCommit: COMMIT },
    });
    for (const row of [denied, lost]) expect(row).not.toHaveProperty('health');
  });

  it('does not take a removal for that of a release that began after it', async () => {
    await release('away', 'two', 'succeeded');
    expect(await look(['away'])).toMatchObject([{ state: 'fine', live: { release: 1 }, waiting: [] }]);
    const verdict = { ...verdictAt('away'), released: clock().toISOString() };
    await pushVerdict(await openRegistryClient({ environment: {} }), snapshot(), verdict);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: namespaceOf('away') };
    await client.delete(namespace);
    await until(async () => (await client.get(namespace)) === undefined);
    expect(await look(['away'])).toMatchObject([
      {
        ...{ state: 'attention', waiting: [], live: { source: 'registry', release: 1 } },
        attention: [expect.stringMatching(/^nothing is recorded here/)],
      },
    ]);
  });

  it('of a lost cluster has what was put back with its own tag, also where that failed', async () => {
    const registry = await openRegistryClient({ environment: {} });
    const rolledBackTo = { release: 1, as: 3, deploymentTag: 'v0', configRevision: 'b'.repeat(40) };
    await pushVerdict(registry, snapshot(), {
      ...{ ...verdictAt('lost'), verdict: 'rollback-failed', release: 2, rolledBackTo },
    });
    const [row] = await look(['lost']);
    expect(row?.live).toMatchObject({
      ...{ source: 'registry', release: 3, deploymentTag: 'v0', configCommit: 'b'.repeat(40) },
      ...{ verdict: 'failed', rollbackOf: 2, restores: 1, since: '2026-11-20T11:01:00Z', why: 'why' },
    });
  });

  it('says that the registry does not answer either, instead of that nothing was released', async () => {
    const from = await written('127.0.0.1:1/shop');
    for (const name of ['gone', 'lost']) {
      const [row] = await look([name], { from });
      expect(row?.unknown.at(-1)).toMatch(/^what the registry has of it: .*127\.0\.0\.1:1/);
      expect(row).toMatchObject({ state: 'unknown', waiting: [] });
      expect(row).not.toHaveProperty('live');
    }
  });
});

describe('a note that someone wrote', () => {
  const NAME = 'slipway.shop.staging.status';
  const annotate = async (annotations: Readonly<Record<string, string>>): Promise<void> => {
    const at = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace: namespaceOf('fine'),
      name: NAME,
    };
    await client.patch(at, { metadata: { annotations } });
  };

  it('is not believed where the record may be read, and else is one line that is not fine', async () => {
    const viewer = await withoutSecrets();
    await annotate({
      'slipway.dev/reason': `x\nfine staging/us\u202e${'y'.repeat(100_000)}`,
      'slipway.dev/run': 'javascript:alert(1)',
      'slipway.dev/deployed': '2099-01-01T00:00:00Z',
    });
    expect(await look(['fine'])).toMatchObject([{ state: 'fine', live: { source: 'record', why: 'test' } }]);
    const [noted] = await look(['fine'], { admin: viewer });
    expect(noted).toMatchObject({
      ...{ state: 'unknown', live: { source: 'note', since: '2099-01-01T00:00:00Z' } },
      unknown: [expect.stringContaining('cannot be that time')],
    });
    expect(noted?.live?.why).toMatch(/^x fine staging\/us\ufffdy+…$/);
    expect(noted?.live?.why?.length).toBeLessThan(510);
  });

  it('that has lost its list of objects, or its number, is not fine without the right to Secrets', async () => {
    const viewer = await withoutSecrets();
    await annotate({ 'slipway.dev/deployed': '2026-11-20T10:00:00Z', 'slipway.dev/objects': 'what?' });
    expect(await look(['fine'], { admin: viewer })).toMatchObject([{ state: 'unknown' }]);
    await annotate({ 'slipway.dev/release': '-1' });
    expect(await look(['fine'], { admin: viewer })).toMatchObject([
      { state: 'unknown', unknown: [expect.stringContaining('no release is noted')] },
    ]);
  });
});

/** A user who may read Leases and ConfigMaps of a destination's namespace. */
async function withoutSecrets(destination = 'fine'): Promise<string> {
  const metadata = { name: 'status-reader', namespace: namespaceOf(destination) };
  const rbac = 'rbac.authorization.k8s.io';
  const rules = [
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
  ];
  const role = { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules };
  const roleRef = { apiGroup: rbac, kind: 'Role', name: 'status-reader' };
  const subjects = [{ apiGroup: rbac, kind: 'User', name: 'reader' }];
  for (const object of [role, { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata, roleRef, subjects }])
    if ((await client.get({ ...object, ...metadata })) === undefined)
      await client.create(object as unknown as KubernetesObject);
  return await testbed.cluster.userKubeconfig('reader');
}
