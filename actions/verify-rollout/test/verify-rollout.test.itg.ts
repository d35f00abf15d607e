import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Release, Snapshot } from '@slipway/core';
import { createRegistryClient, pushSnapshot, pushVerdict, readPassed, readVerdict } from '@slipway/registry';
import { configMap, ordered, workload } from '@slipway/testkit/objects';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import { reportOf, useBundle } from './bundle-on-testbed.ts';
import { stoppedDeploy } from './stopped-deploy.ts';

const bundle = useBundle({ parts: ['cluster', 'registry'], nodes: 2 });
const { client } = bundle;

function verifyRelease({ number, namespace }: Release, inputs: Readonly<Record<string, string>> = {}) {
  return bundle.verify({ release: String(number), namespace, ...inputs });
}

function exists(namespace: string, kind: string, name: string): Promise<boolean> {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  return client.get({ apiVersion, kind, namespace, name }).then(object => object !== undefined);
}

const TARGET = { formation: 'staging', destination: 'main' };

function snapshotOf(deploymentTag: string): Snapshot {
  const registry = `${bundle.testbed.registry.address}/acme/shop`;
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag,
    created: new Date().toISOString(),
    registry,
    images: { api: { name: `${registry}/api`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' } },
  };
}

function imageOf({ images }: Snapshot): string {
  return `${images['api']?.name}@${images['api']?.digest}`;
}

describe('a release that works', () => {
  it('succeeds, is recorded as such, and what left the formation is removed', async () => {
    const namespace = await bundle.newNamespace();
    await close(
      client,
      await deployObjects(client, { namespace }, [workload('api'), configMap('old', { value: 'a' })]),
    );
    const release = await deployObjects(client, { namespace }, [
      workload('api'),
      configMap('new', { value: 'a' }),
    ]);
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
    expect(step.summary).toMatch(
      /^\n\n## ✅ shop\/\S+(?: at \S+)?: <code>v1<\/code> succeeded\n\n\*\*\d objects became ready/,
    );
    expect(step.summary).toContain('; before it, release 1 (<code>v1</code>) succeeded\n');
    expect(step.summary).toContain(
      '\n- 1 of 2 objects written: <code>ConfigMap new</code>; 1 object left the formation\n',
    );
  });

  it('is noted beside its snapshot in the registry, for promotion', async () => {
    const namespace = await bundle.newNamespace();
    const snapshot = snapshotOf('v7');
    const registryClient = createRegistryClient({});
    await pushSnapshot(registryClient, snapshot, 'error');
    const image = imageOf(snapshot);
    const release = await deployObjects(client, { namespace, snapshot }, [workload('api', undefined, image)]);
    expect((await verifyRelease(release)).exitCode).toBe(0);
    expect(await readVerdict(registryClient, snapshot, 'v7', TARGET)).toMatchObject({
      verdict: 'succeeded',
    });
    expect(await readPassed(registryClient, snapshot, TARGET)).toMatchObject({ deploymentTag: 'v7' });
  });
});

describe('a release that fails', () => {
  it('because deploy did not finish it is not promoted, though all of it that exists is healthy', async () => {
    const namespace = await bundle.newNamespace();
    const snapshot = snapshotOf('v8');
    const registryClient = createRegistryClient({});
    await pushSnapshot(registryClient, snapshot, 'error');
    const passed = await readPassed(registryClient, snapshot, TARGET);
    const objects = [
      ordered(workload('api', undefined, imageOf(snapshot)), '-1'),
      workload('web', undefined, imageOf(snapshot)),
    ];
    await stoppedDeploy(client, { namespace, snapshot }, objects, { stop: 'refusal', at: 'web' });
    const step = await bundle.verify({ release: '1', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(await readVerdict(registryClient, snapshot, 'v8', TARGET)).toMatchObject({ verdict: 'failed' });
    expect(await readPassed(registryClient, snapshot, TARGET)).toEqual(passed);
  });

  it('is reported with its reason and evidence, and nothing else happens to it', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [workload('api')]));
    const step = await verifyRelease(
      await deployObjects(client, { namespace }, [workload('api', 'crash-loop')]),
    );
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    const sentence =
      /Deployment shop-\d+\/api failed: container "main" of pod "api-\S+" is crash-looping \(exit code 3/;
    expect(reportOf(step).summary).toMatch(sentence);
    expect(step.annotations).toMatchObject([{ severity: 'error', message: expect.stringMatching(sentence) }]);
    expect(step.summary).toContain('\n#### Evidence for <code>Deployment');
    expect(step.log).toMatch(/✗ Deployment shop-\d+\/api/);
    expect(step.log).not.toMatch(/^\s+at /m);
    expect(await recordOf(client, namespace, 2)).toMatchObject({ verdict: 'failed' });
  });

  it('fails again when the same is deployed once more, which writes nothing', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [workload('api')]));
    const broken = [workload('api', 'crash-loop')];
    expect((await verifyRelease(await deployObjects(client, { namespace }, broken))).exitCode).toBe(1);
    for (const _again of ['once more', 'and again']) {
      const release = await deployObjects(client, { namespace }, broken);
      expect(release.objects.map(({ written }) => written)).toEqual([false]);
      const step = await verifyRelease(release);
      expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    }
  });

  it('times out when nothing moves, by the terms that it was deployed with', async () => {
    const namespace = await bundle.newNamespace();
    const release = await deployObjects(client, { namespace, verify: { timeout: '3s' } }, [
      workload('api', 'never-ready'),
    ]);
    const step = await verifyRelease(release, { timeout: '' });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'timed-out']);
  });
});

describe('a release that is overtaken', () => {
  it('is superseded, and nothing is written', async () => {
    const namespace = await bundle.newNamespace();
    await close(client, await deployObjects(client, { namespace }, [workload('api')]));
    const release = await deployObjects(client, { namespace }, [workload('api', 'slow')]);
    const inputs = { release: String(release.number), namespace, 'on-failure': 'rollback' };
    const step = await bundle.verifyWhile(inputs, /^Release 2 of /, () =>
      deployObjects(client, { namespace }, [workload('api', 'crash-loop')]),
    );
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'superseded']);
    expect((await recordOf(client, namespace, 3)).verdict).toBeUndefined();
  });
});

describe('objects that another tool applied', () => {
  it('are verified by selector', async () => {
    const namespace = await bundle.newNamespace();
    const labelled = workload('api');
    const object = { ...labelled, metadata: { name: 'api', namespace, labels: { team: 'shop' } } };
    await client.create(object);
    const step = await bundle.verify({ selector: 'team=shop', namespace });
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
    expect(reportOf(step).objects).toHaveLength(1);
  });
});

describe('bad input', () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'nothing to verify',
      { namespace: 'default' },
      /input "release" is missing; add "release: …" under "with:" of the step, or "manifests", or "selector", or "helm-release"/,
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
  ])('is refused with one sentence: %s', async (_, inputs, sentence) => {
    const step = await bundle.verify(inputs);
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toMatchObject([{ severity: 'error', message: expect.stringMatching(sentence) }]);
    expect(step.log).not.toMatch(/^\s+at /m);
  });

  it('is refused with one sentence: a cluster that does not answer', async () => {
    const text = readFileSync(bundle.kubeconfig, 'utf8').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1');
    const step = await bundle.verify({ release: '1', namespace: 'default', kubeconfig: text });
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toMatchObject([
      { message: expect.stringMatching(/the API server https:\/\/127\.0\.0\.1:1 does not answer/) },
    ]);
  });
});

describe('a release that fails in a later wave', () => {
  it('says which destinations have its snapshot now, and how to go back everywhere', async () => {
    const namespace = await bundle.newNamespace();
    const folder = bundle.newFolder();
    mkdirSync(join(folder, 'formations'));
    const snapshot = snapshotOf('v9');
    writeFileSync(
      join(folder, 'slipway.yaml'),
      `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec: {registry: "${snapshot.registry}", services: {api: {image: docker.io/library/redis:7}}}
`,
    );
    writeFileSync(
      join(folder, 'formations', 'staging.yaml'),
      `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec:
  waves: [[eu, us], [main]]
  destinations: {eu: {namespace: shop-eu}, us: {namespace: shop-us}, main: {namespace: ${namespace}}}
`,
    );
    const registryClient = createRegistryClient({});
    await pushSnapshot(registryClient, snapshot, 'error');
    const image = imageOf(snapshot);
    const crashing = [workload('api', 'crash-loop', image)];
    const release = await deployObjects(client, { namespace, snapshot }, crashing);
    const named = { release: String(release.number), ...TARGET };
    const alone = await bundle.verify(named, folder);
    expect([alone.outputs['verdict'], alone.summary.includes('differ')]).toEqual(['failed', false]);
    await pushVerdict(registryClient, snapshot, {
      ...reportOf(alone),
      destination: 'eu',
      verdict: 'succeeded',
    });
    await pushVerdict(registryClient, snapshot, { ...reportOf(alone), destination: 'us' });
    const step = await bundle.verify(named, folder);
    const sentence =
      'The destinations of staging differ: "v9" succeeded at eu, and not at main; to go back everywhere, run deploy with "mode: rollback" for eu, main';
    expect([step.exitCode, step.outputs['verdict']]).toEqual([1, 'failed']);
    expect(step.log).toContain(sentence);
    expect(step.summary).toContain(sentence.replaceAll('"', '&#34;'));
  });
});

describe('a destination that was taken out of the checkout', () => {
  const application = `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec: {registry: ghcr.io/acme/shop, services: {api: {image: docker.io/library/redis:7}}}
`;
  const formation = `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec: {destinations: {other: {namespace: shop-other}}}
`;

  function checkout(): string {
    const folder = bundle.newFolder();
    mkdirSync(join(folder, 'formations'));
    writeFileSync(join(folder, 'slipway.yaml'), application);
    writeFileSync(join(folder, 'formations', 'staging.yaml'), formation);
    return folder;
  }

  it('is verified if its namespace is given, and no other one is', async () => {
    const namespace = await bundle.newNamespace();
    const { number } = await deployObjects(client, { namespace }, [workload('api')]);
    const named = { release: String(number), ...TARGET };
    const without = await bundle.verify(named, checkout());
    expect([without.exitCode, without.outputs['error']]).toEqual([1, 'destination-unclear']);
    expect(without.log).toMatch(/if it was taken out of this checkout, also set namespace/);
    const another = await bundle.verify({ ...named, namespace, destination: 'third' }, checkout());
    expect([another.exitCode, another.outputs['error']]).toEqual([1, 'destination-differs']);
    const step = await bundle.verify({ ...named, namespace }, checkout());
    expect([step.exitCode, step.outputs['verdict']]).toEqual([0, 'succeeded']);
  });
});
