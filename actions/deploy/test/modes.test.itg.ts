import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import { until } from '@slipway/testkit/cluster';
import { useOpenCluster } from './cluster.ts';
import {
  type Changes,
  deploy,
  errorsOf,
  makeWorkspace,
  SNAPSHOT,
  usedSecret,
  WITH_ENDLESS_JOB,
  type Workspace,
} from './fixture.ts';

const cluster = useOpenCluster();
const { client, testbed } = cluster;

async function version(namespace: string, level: string): Promise<Workspace> {
  const changes: Changes = { 'stencils/api.yaml': text => text.replace('level: info', `level: ${level}`) };
  const snapshot = { ...SNAPSHOT, deploymentTag: level };
  return await makeWorkspace({ directory: testbed.directory, namespace, changes, snapshot });
}

/** Three releases, each of which the next deploy found healthy but the last. */
async function threeReleases(namespace: string): Promise<Workspace> {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  let workspace = await version(namespace, 'one');
  for (const level of ['one', 'two', 'three']) {
    workspace = await version(namespace, level);
    const result = await deploy(
      workspace,
      { kubeconfig: cluster.kubeconfig },
      { DATABASE_PASSWORD: `secret-${level}` },
    );
    expect(errorsOf(result)).toEqual([]);
    await ready(namespace);
  }
  return workspace;
}

const ready = (namespace: string): Promise<void> =>
  until(async () => {
    const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    const status = (field: string) => valueAt(live ?? {}, ['status', field]);
    const isSeen = status('observedGeneration') === live?.metadata['generation'];
    return isSeen && ['replicas', 'updatedReplicas', 'availableReplicas'].every(field => status(field) === 1);
  });

const levelIn = async (namespace: string): Promise<unknown> =>
  valueAt((await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' })) ?? {}, [
    'data',
    'level',
  ]);

const passwordIn = async (namespace: string): Promise<string> => {
  const secret = await usedSecret(client, namespace);
  return Buffer.from(String(valueAt(secret, ['data', 'url'])), 'base64').toString();
};

/** Without manifests, and without any secret in the step's environment. */
const inMode = (
  workspace: Workspace,
  mode: string,
  inputs: Record<string, string> = {},
): Promise<StepResult> =>
  deploy(
    { ...workspace, manifests: '', digest: '' },
    { kubeconfig: cluster.kubeconfig, mode, secrets: '', ...inputs },
    {},
  );

describe('mode rollback', () => {
  it('puts back the previous release that succeeded, or the one that is named, with its secrets', async () => {
    const workspace = await threeReleases('undo');
    const previous = await inMode(workspace, 'rollback', { reason: 'it is slow' });
    expect(errorsOf(previous)).toEqual([]);
    expect(previous.outputs).toMatchObject({ release: '4', 'previous-release': '3' });
    expect(previous.summary).toMatch(
      /^\n\n### ⏳ shop\/staging at \S+: rollback from <code>three<\/code> to <code>two<\/code> written, not verified yet\n\nRelease 4 in namespace <code>undo<\/code>: \d of \d objects written in .*\. Rolled back(?: by \S+)?: it is slow\n\n> shop\/staging has been held by [^\n]*it is slow[^\n]*\n\n> Release 2 brings back 1 secret [^\n]*: database\.password\. [^\n]*\n\n> database\.password: of a version that is not known, and what its store has now is not known\n\n?$/,
    );
    expect(await levelIn('undo')).toBe('two');
    expect(await passwordIn('undo')).toContain('secret-two');
    const named = await inMode(workspace, 'rollback', { to: 'one' });
    expect(errorsOf(named)).toEqual([]);
    expect(named.outputs).toMatchObject({ release: '5' });
    expect(await levelIn('undo')).toBe('one');
    expect(await passwordIn('undo')).toContain('secret-one');
    const unknown = await inMode(workspace, 'rollback', { to: 'nine' });
    expect(errorsOf(unknown)).toEqual([
      'no kept release of shop/staging has the number or deployment tag "nine"; the newest are 5 ("one"), 4 ("two"), 3 ("three"), 2 ("two"), 1 ("one"); list them with "mode: releases"',
    ]);
    const gone = await inMode(workspace, 'rollback', { to: '77' });
    expect(errorsOf(gone)).toEqual([expect.stringContaining('has no release 77')]);
  });
});

describe('mode releases', () => {
  it('lists the kept releases, and shows what differs between two of them', async () => {
    const workspace = await threeReleases('list');
    const listed = await inMode(workspace, 'releases', { against: '1', to: 'three' });
    expect(errorsOf(listed)).toEqual([]);
    expect(listed.log).toMatch(/3 open three .*\n2 succeeded two .*\n1 succeeded one /);
    expect(listed.log).toContain('/data/level: one -> three');
    expect(listed.log).toContain('~ Secret list/database (its content changed)');
    expect(listed.outputs).toMatchObject({ changes: '3' });
    expect(listed.summary).toContain('Releases of shop/staging');
  });

  it('shows a broken record, with the command that removes it', async () => {
    const workspace = await threeReleases('broken');
    const record = { apiVersion: 'v1', kind: 'Secret', namespace: 'broken', name: 'slipway.shop.staging.2' };
    await client.patch(record, { data: { release: 'anVuaw==' } });
    const listed = await inMode(workspace, 'releases');
    expect(errorsOf(listed)).toEqual([]);
    expect(listed.log).toMatch(/3 open three .*\n2 unreadable two .*\n1 succeeded one /);
    expect(listed.log).toContain('kubectl delete secret slipway.shop.staging.2 --namespace broken');
    expect(listed.summary).toContain('unreadable');
  });
});

describe('mode destroy', () => {
  it('removes a formation once it is confirmed, and nothing else', async () => {
    const workspace = await threeReleases('end');
    await client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'stranger', namespace: 'end' },
    });
    const unsure = await inMode(workspace, 'destroy', { confirm: 'staging' });
    expect(errorsOf(unsure)).toEqual([
      'removing "shop/staging" was not confirmed; set confirm to "shop/staging"',
    ]);
    expect(await levelIn('end')).toBe('three');
    const destroyed = await inMode(workspace, 'destroy', { confirm: 'shop/staging' });
    expect(errorsOf(destroyed)).toEqual([]);
    // Two objects, and the three versions of the Secret.
    expect(destroyed.outputs).toMatchObject({ changes: '5' });
    const kinds = [
      ['v1', 'ConfigMap'],
      ['v1', 'Secret'],
      ['apps/v1', 'Deployment'],
      ['coordination.k8s.io/v1', 'Lease'],
    ] as const;
    const lists = await Promise.all(
      kinds.map(([apiVersion, kind]) => client.list({ apiVersion, kind, namespace: 'end' })),
    );
    expect(
      lists
        .flatMap(({ items }) => items)
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(['kube-root-ca.crt', 'stranger']);
  });

  it('fails while a finalizer keeps an object, and succeeds once it is gone', async () => {
    const namespace = 'held';
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const workspace = await version(namespace, 'one');
    expect(
      errorsOf(await deploy(workspace, { kubeconfig: cluster.kubeconfig }, { DATABASE_PASSWORD: 'secret' })),
    ).toEqual([]);
    const held = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' };
    await client.patch(held, { metadata: { finalizers: ['example.org/hold'] } });
    const first = await inMode(workspace, 'destroy', { confirm: 'shop/staging' });
    expect(errorsOf(first)).toEqual([
      'Deployment held/api is being deleted, but its finalizers keep it: "example.org/hold"; find out why whoever set them does not remove them, and run again once it is gone',
    ]);
    expect([first.exitCode, first.outputs['error']]).toEqual([1, 'object-stays']);
    expect(first.summary).toContain('was removed, but for 1 object\n');
    await client.patch(held, { metadata: { finalizers: null } });
    expect(errorsOf(await inMode(workspace, 'destroy', { confirm: 'shop/staging' }))).toEqual([]);
    expect(await client.get(held)).toBeUndefined();
  });
});

describe('a run that is cancelled', () => {
  it('writes nothing more, notes what it wrote and gives its lock back', async () => {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cancelled' } });
    const workspace = await makeWorkspace({
      directory: testbed.directory,
      namespace: 'cancelled',
      changes: WITH_ENDLESS_JOB,
    });
    const cancellation = new AbortController();
    const result = await deploy(workspace, { kubeconfig: cluster.kubeconfig }, undefined, {
      signal: cancellation.signal,
      onLine: line => {
        // The Job is written, and waited for.
        if (/Job migrate-\w+: /.test(line)) cancellation.abort();
      },
    });
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result)).toEqual(['the run was cancelled (SIGINT); run the job again to continue']);
    expect(result.outputs).toMatchObject({ release: '1' });
    expect(result.summary).toMatch(
      /^\n\n### ❌ shop\/staging at \S+: <code>v1<\/code> begun as release 1, and not finished\n\n\*\*the run was cancelled/,
    );
    const listed = await inMode(workspace, 'releases');
    expect(listed.log).toMatch(/1 failed v1 /);
    const leases = await client.list({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace: 'cancelled',
    });
    // Whether the release is noted depends on when the signal arrives.
    const locks = leases.items.filter(({ metadata }) => metadata.name !== 'slipway.shop.staging.status');
    expect(locks).toEqual([]);
    const api = await client.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'cancelled',
      name: 'api',
    });
    expect(api).toBeUndefined();
  });
});
