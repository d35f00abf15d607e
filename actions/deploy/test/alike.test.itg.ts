import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Alike, parseStatus, type Snapshot } from '@slipway/core';
import { closeRelease, readRelease } from '@slipway/release';
import { git } from '@slipway/testkit/git';
import { parseDocument } from '@slipway/yaml';
import { useOpenCluster } from './cluster.ts';
import { type Changes, deploy, errorsOf, makeWorkspace, SNAPSHOT, type Workspace } from './fixture.ts';
import { readRole } from './roles.ts';

const cluster = useOpenCluster();
const { client } = cluster;

const NAMES = ['north', 'south', 'west'] as const;
type Name = (typeof NAMES)[number];
const namespaceOf = (name: Name): string => `alike-${name}`;

const DESTINATIONS: Changes = {
  'formations/staging.yaml': text =>
    text.replace(
      'main: {namespace: none}',
      NAMES.map(name => `${name}: {namespace: ${namespaceOf(name)}, context: testbed}`).join('\n    '),
    ),
};

/** A commit of the application's files, and the next one. */
function commit(folder: string): string {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '-m', 'one');
  return git(folder, 'rev-parse', 'HEAD').trim();
}

const workspaceOf = (snapshot: Snapshot, changes: Changes = {}): Promise<Workspace> =>
  makeWorkspace({
    ...{ directory: cluster.testbed.directory, namespace: 'none', snapshot, checkOut: commit },
    changes: { ...DESTINATIONS, ...changes },
  });

/** Deploys to one destination, and gives the release its verdict. */
async function release(from: Workspace, destination: Name, verdict: 'succeeded' | 'failed' | 'none') {
  const result = await deploy(from, { kubeconfig: cluster.kubeconfig, destination });
  expect(errorsOf(result)).toEqual([]);
  if (verdict === 'none') return;
  const owner = { application: 'shop', formation: 'staging', namespace: namespaceOf(destination) };
  const record = await readRelease(client, owner, Number(result.outputs['release']));
  await closeRelease(client, record, verdict, () => new Date());
}

let first: Workspace;
/** A kubeconfig with the rights of the shipped viewer and no others. */
let viewer = '';

/** What a run with the viewer's rights, and one with all, say of the formation. */
async function look(inputs: Readonly<Record<string, string>> = {}) {
  const found: (Alike | undefined)[] = [];
  const from = { ...first, manifests: '', digest: '' };
  for (const kubeconfig of [viewer, cluster.kubeconfig]) {
    const result = await deploy(from, { kubeconfig, mode: 'status', secrets: '', ...inputs }, {});
    const path = result.outputs['status'] ?? '';
    found.push(parseStatus(await readFile(path, 'utf8'), path).alike?.[0]);
    for (const text of [
      result.log,
      result.summary,
      await readFile(result.outputs['status-page'] ?? '', 'utf8'),
    ])
      expect(text.includes('run the latest release')).toBe(found.at(-1) !== undefined);
  }
  const [seen, all] = found;
  expect(seen).toEqual(all);
  return seen;
}

beforeAll(async () => {
  first = await workspaceOf(SNAPSHOT);
  for (const name of NAMES) {
    const namespace = namespaceOf(name);
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const object of await readRole('viewer', namespace)) await client.create(object);
    await release(first, name, 'succeeded');
  }
  const config = parseDocument(
    await readFile(await cluster.testbed.cluster.userKubeconfig('viewer'), 'utf8'),
    '',
  ).value as { readonly contexts: readonly { readonly context: object }[] };
  const contexts = [{ name: 'testbed', context: config.contexts[0]?.context }];
  viewer = JSON.stringify({ ...config, contexts, 'current-context': 'testbed' });
});

describe('the destinations of a formation, with the rights of the viewer as with all', () => {
  it('are alike where each runs the latest release as it was released', async () => {
    expect(await look()).toMatchObject({
      ...{ formation: 'staging', alike: [...NAMES], different: [], unknown: [] },
      latest: { deploymentTag: 'v1', configCommit: first.revision, destination: 'west' },
    });
  });

  it('are unknown where the note on a release does not say what it was rendered with', async () => {
    const name = 'slipway.shop.staging.status';
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace: namespaceOf('north'),
      name,
    };
    const noted = (text: string | null) =>
      client.patch(lease, { metadata: { annotations: { 'slipway.dev/config-beside': text } } });
    await noted(null);
    const from = { ...first, manifests: '', digest: '' };
    const result = await deploy(from, { kubeconfig: viewer, mode: 'status', secrets: '' }, {});
    expect(result.log).toContain('staging: 2 of 3 destinations run the latest release, v1');
    expect(result.log).toContain(
      'unknown: staging/north: what it was rendered with besides that commit is not noted: deploy again',
    );
    await noted('{"set":[],"sharedRevisions":{}}');
    expect(await look()).toMatchObject({ alike: [...NAMES] });
  });

  it('are not compared where only some are looked at', async () => {
    expect(await look({ destination: 'south' })).toBeUndefined();
  });

  it('differ after one of them got another snapshot, and are not known while it has no verdict', async () => {
    const second = await workspaceOf({ ...SNAPSHOT, deploymentTag: 'v2', created: '2026-11-21T10:00:00Z' });
    await release(second, 'south', 'none');
    expect(await look()).toMatchObject({
      ...{ latest: { deploymentTag: 'v1' }, alike: ['north', 'west'] },
      unknown: [{ destination: 'south', why: ['release 2 has no verdict'] }],
    });
    const owner = { application: 'shop', formation: 'staging', namespace: namespaceOf('south') };
    await closeRelease(client, await readRelease(client, owner, 2), 'succeeded', () => new Date());
    const how = ['runs v1 (release 1) and not v2'];
    expect(await look()).toMatchObject({
      ...{ latest: { deploymentTag: 'v2', destination: 'south' }, alike: ['south'] },
      different: ['north', 'west'].map(destination => ({ destination, how: expect.arrayContaining(how) })),
    });
  });

  it('differ where the configuration has another commit, a release failed, or something was changed', async () => {
    const snapshot = { ...SNAPSHOT, deploymentTag: 'v3', created: '2026-11-22T10:00:00Z' };
    const [old, third] = [
      await workspaceOf(snapshot, {
        'stencils/api.yaml': text => text.replace('level: info', 'level: debug'),
      }),
      await workspaceOf(snapshot),
    ];
    await release(old, 'north', 'succeeded');
    await release(third, 'west', 'failed');
    await release(third, 'south', 'succeeded');
    const found = await look();
    expect(found).toMatchObject({ latest: { deploymentTag: 'v3', destination: 'south' }, alike: ['south'] });
    expect(found?.different).toEqual([
      {
        destination: 'north',
        how: [expect.stringMatching(/^its configuration is of commit [0-9a-f]{12} and not of/)],
      },
      { destination: 'west', how: ['release 2 ended as failed'] },
    ]);
    await client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: namespaceOf('south'), name: 'settings' },
      { data: { level: 'other' } },
    );
    expect((await look())?.different.at(1)).toEqual({
      destination: 'south',
      how: ['1 object was changed or removed since the release'],
    });
  });
});
