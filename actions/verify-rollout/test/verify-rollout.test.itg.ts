import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { parseVerdict, type Release, type Snapshot, type Verdict } from '@slipway/core';
import { createRegistryClient, pushSnapshot, readPassed, readVerdict } from '@slipway/registry';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { createJob, runStep, type StepResult } from '../../../testbed/src/runner/index.ts';
import { close, configMap, connect, deploy, ordered, recordOf, replicated, workload } from './releases.ts';

const ACTION = resolve(import.meta.dirname, '..');
const START = 600_000;
const WAIT = 90_000;

let testbed: Testbed;
let client: ClusterClient;
let scratch: string;
let namespaces = 0;

beforeAll(async () => {
  testbed = await startTestbed({ parts: ['cluster', 'registry'], nodes: 2 });
  client = await connect(kubeconfig());
  scratch = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
}, START);

afterAll(async () => {
  client?.close();
  await testbed?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

function kubeconfig(): string {
  return testbed.cluster?.kubeconfig ?? '';
}

/** A namespace of the test's own. */
async function newNamespace(): Promise<string> {
  namespaces += 1;
  const name = `shop-${namespaces}`;
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

/** Runs the bundle without a checkout. */
async function verify(inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const workspace = mkdtempSync(join(scratch, 'workspace-'));
  const job = createJob({ workspace, directory: scratch, path: process.env['PATH'] ?? '' });
  const preset = { 'stable-for': '2s', timeout: '20s', kubeconfig: kubeconfig() };
  return runStep(job, { action: ACTION, inputs: { ...preset, ...inputs } });
}

function verifyRelease({ number, namespace }: Release, inputs: Readonly<Record<string, string>> = {}) {
  return verify({ release: String(number), namespace, ...inputs });
}

function reportOf(step: StepResult): Verdict {
  const path = step.outputs['report'] ?? '';
  expect(isAbsolute(path)).toBe(true);
  return parseVerdict(readFileSync(path, 'utf8'), path);
}

function exists(namespace: string, kind: string, name: string): Promise<boolean> {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  return client.get({ apiVersion, kind, namespace, name }).then(object => object !== undefined);
}

describe('a release that works', () => {
  it(
    'succeeds, is recorded as such, and what left the formation is removed',
    async () => {
      const namespace = await newNamespace();
      await close(client, await deploy(client, { namespace }, [workload('api'), configMap('old', 'a')]));
      const release = await deploy(client, { namespace }, [workload('api'), configMap('new', 'a')]);
      const step = await verifyRelease(release);
      expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
        0,
        'succeeded',
        '',
      ]);
      expect(reportOf(step)).toMatchObject({
        verdict: 'succeeded',
        release: 2,
        deploymentTag: 'v1',
        application: 'shop',
      });
      expect(await recordOf(client, namespace, 2)).toMatchObject({ verdict: 'succeeded', pruned: true });
      expect(await exists(namespace, 'ConfigMap', 'old')).toBe(false);
      expect(step.summary).toContain('✅ Release succeeded');
    },
    WAIT,
  );

  it(
    'is noted beside its snapshot in the registry, for promotion',
    async () => {
      const namespace = await newNamespace();
      const registry = `${testbed.registry?.address}/acme/shop`;
      const snapshot: Snapshot = {
        apiVersion: 'slipway.dev/v1',
        kind: 'Snapshot',
        application: 'shop',
        deploymentTag: 'v7',
        created: new Date().toISOString(),
        registry,
        images: { api: { name: `${registry}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' } },
      };
      const registryClient = createRegistryClient({});
      await pushSnapshot(registryClient, snapshot, 'error');
      const image = `${registry}/api@${snapshot.images['api']?.digest}`;
      const release = await deploy(client, { namespace, snapshot }, [workload('api', undefined, image)]);
      expect((await verifyRelease(release)).exitCode).toBe(0);
      const target = { formation: 'staging', destination: 'main' };
      expect(await readVerdict(registryClient, snapshot, 'v7', target)).toMatchObject({
        verdict: 'succeeded',
      });
      expect(await readPassed(registryClient, snapshot, target)).toMatchObject({ deploymentTag: 'v7' });
    },
    WAIT,
  );
});

describe('a release that fails', () => {
  it(
    'is reported with its reason and evidence, and nothing else happens to it',
    async () => {
      const namespace = await newNamespace();
      await close(client, await deploy(client, { namespace }, [workload('api')]));
      const step = await verifyRelease(await deploy(client, { namespace }, [workload('api', 'crash-loop')]));
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
      const sentence =
        /Deployment shop-\d+\/api failed: container "main" of pod "api-\S+" ends again and again, exit code 3/;
      expect(reportOf(step).summary).toMatch(sentence);
      expect(step.annotations).toMatchObject([
        { severity: 'error', message: expect.stringMatching(sentence) },
      ]);
      expect(step.summary).toContain('<summary>Evidence for <code>Deployment');
      expect(step.log).toMatch(/✗ Deployment shop-\d+\/api/);
      expect(step.log).not.toMatch(/^\s+at /m);
      expect(await recordOf(client, namespace, 2)).toMatchObject({ verdict: 'failed' });
    },
    WAIT,
  );

  it(
    'is rolled back to the newest one that succeeded, which is verified too',
    async () => {
      const namespace = await newNamespace();
      const good = [workload('api'), configMap('settings', 'good')];
      await close(client, await deploy(client, { namespace }, good));
      await deploy(client, { namespace }, [workload('api', 'image-pull'), configMap('settings', 'worse')]);
      const bad = [workload('api', 'config-error'), configMap('settings', 'bad'), workload('extra')];
      const step = await verifyRelease(await deploy(client, { namespace }, bad), {
        'on-failure': 'rollback',
      });
      expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
        1,
        'rolled-back',
        '1',
      ]);
      expect(reportOf(step).rolledBackTo).toEqual({ release: 1, as: 4, deploymentTag: 'v1' });
      const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
      expect(await client.get(settings)).toMatchObject({ data: { value: 'good' } });
      expect(await exists(namespace, 'Deployment', 'extra')).toBe(false);
      expect(await recordOf(client, namespace, 3)).toMatchObject({ verdict: 'rolled-back' });
      expect(await recordOf(client, namespace, 4)).toMatchObject({
        verdict: 'succeeded',
        rollbackOf: 3,
        restores: 1,
      });
      expect(step.summary).toContain('### After the rollback');
    },
    WAIT,
  );

  it(
    'fails again when the same is deployed once more, which writes nothing',
    async () => {
      const namespace = await newNamespace();
      await close(client, await deploy(client, { namespace }, [workload('api')]));
      const broken = [workload('api', 'crash-loop')];
      expect((await verifyRelease(await deploy(client, { namespace }, broken))).exitCode).toBe(1);
      for (const _again of ['once more', 'and again']) {
        const release = await deploy(client, { namespace }, broken);
        expect(release.objects.map(({ written }) => written)).toEqual([false]);
        const step = await verifyRelease(release);
        expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
      }
    },
    WAIT,
  );

  it(
    'is rolled back also where a StatefulSet is stuck on a pod that never becomes ready',
    async () => {
      const namespace = await newNamespace();
      await close(client, await deploy(client, { namespace }, [replicated('db')]));
      const release = await deploy(client, { namespace }, [replicated('db', 'crash-loop')]);
      const step = await verifyRelease(release, { 'on-failure': 'rollback' });
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rolled-back']);
      expect(reportOf(step).summary).toMatch(
        /^StatefulSet shop-\d+\/db failed: container "main" of pod "db-\d"/,
      );
    },
    WAIT,
  );

  it(
    'is undone also where deploy stopped half-way',
    async () => {
      const namespace = await newNamespace();
      await close(client, await deploy(client, { namespace }, [workload('api')]));
      const broken = ordered(workload('api', 'config-error'), '-1');
      await expect(deploy(client, { namespace }, [broken, workload('web')])).rejects.toThrow();
      const release = await recordOf(client, namespace, 2);
      const step = await verifyRelease(release, { 'on-failure': 'rollback' });
      expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
        1,
        'rolled-back',
        '1',
      ]);
      expect(reportOf(step).objects).toContainEqual(
        expect.objectContaining({ message: 'it was never applied: the release stopped before it' }),
      );
    },
    WAIT,
  );

  it(
    'is not rolled back where nothing succeeded before, and that is said',
    async () => {
      const namespace = await newNamespace();
      const release = await deploy(client, { namespace, verify: { 'on-failure': 'rollback' } }, [
        workload('api', 'crash-loop'),
      ]);
      const step = await verifyRelease(release);
      expect([step.exitCode, step.outputs['verdict'], step.outputs['rolled-back-to']]).toEqual([
        1,
        'failed',
        '',
      ]);
      expect(reportOf(step).summary).toContain('Nothing was rolled back: no release before it succeeded');
      expect(await exists(namespace, 'Deployment', 'api')).toBe(true);
    },
    WAIT,
  );

  it(
    'says what state things are in when the rollback fails as well',
    async () => {
      const namespace = await newNamespace();
      // It succeeded then and would not today.
      await close(client, await deploy(client, { namespace }, [workload('api', 'crash-loop')]));
      const step = await verifyRelease(
        await deploy(client, { namespace }, [workload('api', 'config-error')]),
        { 'on-failure': 'rollback' },
      );
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'rollback-failed']);
      expect(reportOf(step).summary).toMatch(
        /Release 1 was put back as release 3, and that failed too: .*exit code 3/,
      );
      expect(await recordOf(client, namespace, 3)).toMatchObject({ verdict: 'failed' });
    },
    WAIT,
  );

  it(
    'times out when nothing moves, by the terms that it was deployed with',
    async () => {
      const namespace = await newNamespace();
      const release = await deploy(client, { namespace, verify: { timeout: '3s' } }, [
        workload('api', 'never-ready'),
      ]);
      const step = await verifyRelease(release, { timeout: '' });
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'timed-out']);
    },
    WAIT,
  );
});

describe('a release that is overtaken', () => {
  it(
    'is superseded, and nothing is written',
    async () => {
      const namespace = await newNamespace();
      await close(client, await deploy(client, { namespace }, [workload('api')]));
      const release = await deploy(client, { namespace }, [workload('api', 'slow')]);
      const verifying = verifyRelease(release, { 'on-failure': 'rollback' });
      await new Promise(resolve => setTimeout(resolve, 2_000));
      await deploy(client, { namespace }, [workload('api', 'crash-loop')]);
      const step = await verifying;
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'superseded']);
      expect((await recordOf(client, namespace, 3)).verdict).toBeUndefined();
    },
    WAIT,
  );
});

describe('objects that somebody else applied', () => {
  it(
    'are verified by selector',
    async () => {
      const namespace = await newNamespace();
      const labelled = workload('api');
      const object = { ...labelled, metadata: { name: 'api', namespace, labels: { team: 'shop' } } };
      await client.create(object);
      const step = await verify({ selector: 'team=shop', namespace });
      expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
      expect(reportOf(step).objects).toHaveLength(1);
    },
    WAIT,
  );
});

describe('bad input', () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'nothing to verify',
      { namespace: 'default' },
      /input "release" is missing; add "release: …" under "with:"/,
    ],
    [
      'a wrong timeout',
      { release: '1', namespace: 'default', timeout: 'soon' },
      /input "timeout" is "soon"; write a duration/,
    ],
    [
      'an unknown release',
      { release: '99', namespace: 'default' },
      /there is no record of a release 99 in namespace "default"; /,
    ],
    [
      'an unknown release of a known formation',
      { release: '99', namespace: 'default', application: 'shop', formation: 'staging' },
      /shop\/staging has no release 99 in namespace default; /,
    ],
    ['no namespace', { release: '1' }, /it is not known which namespace the release is in; give "namespace"/],
    [
      'a context that is not there',
      { release: '1', namespace: 'default', context: 'prod' },
      /the kubeconfig has no context "prod"; set context to one of "testbed"/,
    ],
    [
      'a kubeconfig that is not there',
      { release: '1', namespace: 'default', kubeconfig: '/nowhere/kubeconfig' },
      /the kubeconfig "\/nowhere\/kubeconfig" cannot be read; /,
    ],
    [
      'a selector that matches nothing',
      { selector: 'team=none', namespace: 'default' },
      /the selector "team=none" matches nothing in namespace "default"; /,
    ],
    ['manifests that are not there', { manifests: 'out/*.yaml', namespace: 'default' }, /out/],
  ])(
    'is refused with one sentence: %s',
    async (_, inputs, sentence) => {
      const step = await verify(inputs);
      expect(step.exitCode).toBe(1);
      expect(step.annotations).toMatchObject([
        { severity: 'error', message: expect.stringMatching(sentence) },
      ]);
      expect(step.log).not.toMatch(/^\s+at /m);
    },
    WAIT,
  );

  it(
    'is refused with one sentence: a cluster that does not answer',
    async () => {
      const text = readFileSync(kubeconfig(), 'utf8').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1');
      const step = await verify({ release: '1', namespace: 'default', kubeconfig: text });
      expect(step.exitCode).toBe(1);
      expect(step.annotations).toMatchObject([
        { message: expect.stringMatching(/the API server https:\/\/127\.0\.0\.1:1 does not answer/) },
      ]);
    },
    WAIT,
  );
});
