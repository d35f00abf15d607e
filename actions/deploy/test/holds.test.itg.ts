import { describe, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import { until } from '@slipway/testkit/cluster';
import { useOpenCluster, workspaceFor } from './cluster.ts';
import { type Changes, deploy, errorsOf, SNAPSHOT, WITH_ENDLESS_JOB, type Workspace } from './fixture.ts';

const cluster = useOpenCluster();
const { client } = cluster;

async function version(namespace: string, level: string): Promise<Workspace> {
  const changes: Changes = { 'stencils/api.yaml': text => text.replace('level: info', `level: ${level}`) };
  return await workspaceFor(cluster, namespace, { changes, snapshot: { ...SNAPSHOT, deploymentTag: level } });
}

const apply = (workspace: Workspace, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> =>
  deploy(workspace, { kubeconfig: cluster.kubeconfig, ...inputs });

const inMode = (
  workspace: Workspace,
  mode: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> =>
  deploy(
    { ...workspace, manifests: '', digest: '' },
    { kubeconfig: cluster.kubeconfig, mode, secrets: '', ...inputs },
    {},
  );

const ready = (namespace: string): Promise<void> =>
  until(async () => {
    const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    return valueAt(live ?? {}, ['status', 'availableReplicas']) === 1;
  });

async function twoReleases(namespace: string): Promise<Workspace> {
  for (const level of ['one', 'two']) {
    expect(errorsOf(await apply(await version(namespace, level)))).toEqual([]);
    await ready(namespace);
  }
  return await version(namespace, 'two');
}

const levelIn = async (namespace: string): Promise<unknown> =>
  valueAt((await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' })) ?? {}, [
    'data',
    'level',
  ]);

/** The time differs from run to run. */
const HELD =
  /^shop\/staging has been held by "[^"]+" since \d{4}-[^ ]+Z: "the checkout loses orders"; lift the hold with "mode: lift-hold"$/;

describe('a rollback by hand', () => {
  it('stays until its hold is lifted: pushes are refused, a plan says it, and releases lists it', async () => {
    const namespace = 'hold-rollback';
    const workspace = await twoReleases(namespace);
    const undone = await inMode(workspace, 'rollback', { reason: 'the checkout loses orders' });
    expect(errorsOf(undone)).toEqual([]);
    expect(undone.log).toContain('shop/staging has been held by');
    const pushed = await apply(await version(namespace, 'three'));
    expect(errorsOf(pushed)).toEqual([expect.stringMatching(HELD)]);
    expect([pushed.outputs['error'], pushed.outputs['release']]).toEqual(['formation-held', undefined]);
    expect(await levelIn(namespace)).toBe('one');
    const planned = await apply(await version(namespace, 'three'), { mode: 'plan' });
    expect([planned.exitCode, errorsOf(planned)]).toEqual([0, []]);
    expect(planned.log).toContain('Not yet: shop/staging has been held by');
    expect(planned.summary).toContain('Not yet: shop/staging has been held by');
    const listed = await inMode(workspace, 'releases');
    expect(listed.summary).toContain('shop/staging has been held by');
    const removed = await inMode(workspace, 'destroy', { confirm: 'shop/staging' });
    expect(removed.outputs['error']).toBe('formation-held');
    const lifted = await inMode(workspace, 'lift-hold');
    expect(errorsOf(lifted)).toEqual([]);
    expect(lifted.log).toContain('Before: shop/staging has been held by');
    expect(errorsOf(await apply(await version(namespace, 'three')))).toEqual([]);
    expect(await levelIn(namespace)).toBe('three');
  });
});

describe('a rollback by hand beside a deploy', () => {
  it('does not wait for one that only waits for a stage, which then writes nothing more', async () => {
    const namespace = 'hold-superseded';
    const workspace = await twoReleases(namespace);
    const slow = await workspaceFor(cluster, namespace, {
      changes: WITH_ENDLESS_JOB,
      snapshot: { ...SNAPSHOT, deploymentTag: 'slow' },
    });
    const waits = Promise.withResolvers<void>();
    const running = deploy(slow, { kubeconfig: cluster.kubeconfig, timeout: '30m' }, undefined, {
      onLine: line => {
        if (/Job migrate-\w+: /.test(line)) waits.resolve();
      },
    });
    await Promise.race([waits.promise, running]);
    const undone = await inMode(workspace, 'rollback', { 'lock-timeout': '5m', reason: 'it locks a table' });
    expect(errorsOf(undone)).toEqual([]);
    const stopped = await running;
    expect(stopped.outputs).toMatchObject({ error: 'deploy-superseded', release: '3' });
    expect(errorsOf(stopped)).toEqual([
      expect.stringMatching(/^a rollback by .* took over while this run waited/),
    ]);
    expect(await levelIn(namespace)).toBe('two');
    // The stage after the one that was waited for.
    const api = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' });
    expect(api?.metadata['annotations']).not.toHaveProperty(['slipway.dev/order']);
    const jobs = await client.list({ apiVersion: 'batch/v1', kind: 'Job', namespace });
    expect(jobs.items.filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)).toEqual([]);
    const listed = await inMode(workspace, 'releases');
    expect(listed.log).toMatch(/4 open two .*\n3 rolled-back slow .*\n2 /);
  });
});

describe('mode hold', () => {
  it('freezes a formation that nothing was rolled back in, until a time', async () => {
    const namespace = 'hold-freeze';
    const workspace = await version(namespace, 'one');
    expect(errorsOf(await apply(workspace))).toEqual([]);
    const over = await inMode(workspace, 'hold', { reason: 'audit', 'hold-until': '2026-01-01T00:00:00Z' });
    expect(errorsOf(over)).toEqual([
      'the hold would have ended at 2026-01-01T00:00:00.000Z, which is over; give a later time in hold-until',
    ]);
    const held = await inMode(workspace, 'hold', { reason: 'audit', 'hold-until': '8h' });
    expect(errorsOf(held)).toEqual([]);
    expect(held.summary).toContain('is held');
    const pushed = await apply(await version(namespace, 'two'));
    expect(errorsOf(pushed)).toEqual([expect.stringMatching(/ until .*: "audit"; .*, or wait until then$/)]);
    expect(await levelIn(namespace)).toBe('one');
    const [free, again] = [await inMode(workspace, 'lift-hold'), await inMode(workspace, 'lift-hold')];
    expect([errorsOf(free), errorsOf(again)]).toEqual([[], []]);
    expect(again.log).toContain('was not held');
  });
});
