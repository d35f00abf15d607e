import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseJson, parseRecordKeys, type Snapshot, stringifyJson } from '@slipway/core';
import { createRegistryClient, formatSnapshot, pushSnapshot } from '@slipway/registry';
import { readRenderedTree } from '@slipway/render';
import { useTestbed } from '@slipway/testbed/jest';
import { createJob, loadedFiles, recordingLoads, runStep, type StepResult } from '@slipway/testbed/runner';
import { scratch } from '@slipway/testkit/git';
import { type Changes, replacing, shopWith } from '@slipway/testkit/shop';

const testbed = useTestbed({ parts: ['cluster', 'registry'] });

const ACTION = resolve(import.meta.dirname, '..');
const TAG = '20261121-1';

const registry = (): string => `${testbed.registry.address}/acme/shop`;

function snapshot(): Snapshot {
  const image = (name: string, digit: string) =>
    [
      name,
      { name: `${registry()}/${name}`, digest: `sha256:${digit.repeat(64)}`, origin: 'built' as const },
    ] as const;
  return {
    apiVersion: 'slipway.dev/v1',
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag: TAG,
    created: '2026-11-21T00:00:00Z',
    gitRevision: 'a'.repeat(40),
    registry: registry(),
    images: Object.fromEntries([image('api', '1'), image('web', '2'), image('cache', '3')]),
  };
}

function snapshotFile(): string {
  const file = join(scratch(), 'snapshot.json');
  writeFileSync(file, formatSnapshot(snapshot()));
  return file;
}

async function render(inputs: Record<string, string>, workspace = shopWith()): Promise<StepResult> {
  return await runStep(createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin' }), {
    action: ACTION,
    inputs,
  });
}

function kubectl(...args: string[]): string {
  return execFileSync(testbed.cluster.kubectl ?? '', ['--kubeconfig', testbed.cluster.kubeconfig, ...args], {
    encoding: 'utf8',
  });
}

function applyDryRun(folder: string, namespace: string): string {
  kubectl('create', 'namespace', namespace);
  return kubectl('apply', '--dry-run=server', '-f', join(folder, 'manifests'));
}

describe('the bundle', () => {
  it('renders the example with a snapshot in a file', async () => {
    const result = await render({ formation: 'production', snapshot: snapshotFile() });
    expect(result.log).toMatch(/production\/eu: \d+ objects, sha256:[0-9a-f]{64}/);
    expect(result.exitCode).toBe(0);
    expect(result.outputs['deployment-tag']).toBe(TAG);
    expect(JSON.parse(result.outputs['waves'] ?? '')).toHaveLength(2);
    expect(result.summary).toContain('<code>database.password</code>');
    const [eu] = await readRenderedTree(result.outputs['manifests'] ?? '');
    expect(stringifyJson(eu?.objects.map(({ object }) => object))).toContain(
      `${registry()}/api@sha256:${'1'.repeat(64)}`,
    );
  });

  it('renders the same in another job, by the deployment tag, where the digest is compared', async () => {
    const client = createRegistryClient({});
    await pushSnapshot(client, snapshot());
    const inputs = { formation: 'production', destination: 'us' };
    const [here, there] = await Promise.all([
      render({ ...inputs, snapshot: snapshotFile() }),
      render({ ...inputs, snapshot: TAG, registry: registry() }),
    ]);
    expect(there.log).not.toContain('::error');
    expect(there.outputs['digest']).toMatch(/^sha256:/);
    expect(there.outputs['digest']).toBe(here.outputs['digest']);
  });

  it('accepts with a record-key only a snapshot that was signed with it', async () => {
    const key = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
    const home = `${registry()}-signed`;
    const images = Object.entries(snapshot().images).map(
      ([service, image]) => [service, { ...image, name: `${home}/${service}` }] as const,
    );
    const own = { ...snapshot(), registry: home, images: Object.fromEntries(images) };
    const inputs = { formation: 'production', snapshot: TAG, registry: home, 'record-key': key };
    await pushSnapshot(createRegistryClient({}), own);
    const refused = await render(inputs);
    expect(refused.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the snapshot ".*-signed\/snapshots:.*" has no MAC; /),
    ]);
    const recordKeys = parseRecordKeys(key);
    await pushSnapshot(createRegistryClient({ recordKeys }), own, 'overwrite');
    const rendered = await render(inputs);
    expect(rendered.exitCode).toBe(0);
    expect(rendered.outputs['deployment-tag']).toBe(TAG);
  });

  it('writes manifests that the API server accepts and reads in the same way', async () => {
    const { outputs } = await render({ snapshot: snapshotFile() });
    for (const { directory = '', rendered, objects } of await readRenderedTree(outputs['manifests'] ?? '')) {
      expect(applyDryRun(directory, rendered.namespace)).toMatch(
        /deployment.apps\/api created \(server dry run\)/,
      );
      const args = [
        'create',
        '--dry-run=client',
        '--validate=false',
        '-o',
        'json',
        '-f',
        join(directory, 'manifests'),
      ];
      // One JSON document after the other.
      const items = kubectl(...args)
        .split(/\n(?=\{)/)
        .map(parseJson);
      const ours = objects.map(({ object }) => object);
      expect(items).toHaveLength(ours.length);
      expect(items).toEqual(expect.arrayContaining(ours));
    }
  });

  it('loads neither the Kubernetes client nor, without need, the registry', async () => {
    const workspace = shopWith({});
    const job = createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin' });
    const list = join(job.directory, 'loaded');
    const { exitCode } = await runStep(job, { action: ACTION, environment: recordingLoads(list) });
    const loaded = loadedFiles(list);
    expect([exitCode, loaded]).toEqual([
      0,
      expect.arrayContaining(['action-render-stencil.mjs', 'render.mjs']),
    ]);
    for (const file of ['openid-client.mjs', 'cluster.mjs', 'registry.mjs', 'actions-github.mjs'])
      expect(loaded).not.toContain(file);
  });
});

const cases: Record<string, [changes: Changes, inputs: Record<string, string>, error: RegExp]> = {
  'a file that is not YAML': [
    { 'stencils/web.yaml': () => 'kind: [Service\nmetadata: {}\n' },
    {},
    /stencils\/web\.yaml:2:1: .* is not closed; close it/,
  ],
  'an unknown word': [
    { 'stencils/api.yaml': replacing('${image.api}', '${image.apii}') },
    {},
    /stencils\/api\.yaml:\d+:\d+: unknown word "image\.apii"; did you mean "image\.api"\?/,
  ],
  "a formation with production's name in staging's file": [
    { 'formations/staging.yaml': replacing('name: staging', 'name: production') },
    {},
    /formations\/staging\.yaml:\d+:\d+: the formation in .* calls itself "production"; set metadata\.name to "staging"/,
  ],
  'a metadata.name that is a path out of the folder': [
    { 'stencils/settings.yaml': replacing('name: database', 'name: ../../../database') },
    {},
    /stencils\/settings\.yaml:\d+:\d+: metadata\.name "\.\.\/\.\.\/\.\.\/database" is not a valid object name; use/,
  ],
  'a secret in a ConfigMap': [
    {
      'stencils/more.yaml': () =>
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {p: "${secret.database.password}"}\n',
    },
    {},
    /stencils\/more\.yaml:4:12: the secret "database\.password" is not in data/,
  ],
  'a formation that does not exist': [
    {},
    { formation: 'stagin' },
    /the formation "stagin" does not exist; did you mean "staging"\?/,
  ],
  'an application that does not exist': [
    {},
    { application: 'apps/slipway.yaml' },
    /the file "apps\/slipway\.yaml" does not exist in the workspace; fix/,
  ],
  'a snapshot that does not exist': [
    {},
    { snapshot: 'out/snapshot.json' },
    /the snapshot "out\/snapshot\.json" cannot be read; run build-retag in an earlier step/,
  ],
  'an input that is neither a path nor a tag': [
    {},
    { snapshot: 'a b' },
    /input "snapshot" is neither a path nor a deployment tag; use/,
  ],
  'a registry that does not answer': [
    {},
    { snapshot: TAG, registry: '127.0.0.1:1/acme/shop' },
    /127\.0\.0\.1:1.*; /,
  ],
};

describe('bad input is one clear sentence, and nothing is written', () => {
  it.each(Object.entries(cases))('%s', async (_name, [changes, inputs, error]) => {
    const job = createJob({ workspace: shopWith(changes), directory: scratch(), path: '/usr/bin:/bin' });
    const result = await runStep(job, { action: ACTION, inputs });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.map(({ message }) => message).join('\n')).toMatch(error);
    expect(result.log).not.toMatch(/^\s+at /m);
    expect(result.outputs['manifests']).toBeUndefined();
    expect(existsSync(join(job.environment['RUNNER_TEMP'] ?? '', 'slipway'))).toBe(false);
  });

  it('a manifest that was changed after rendering is refused by every reader of the tree', async () => {
    const { outputs } = await render({ formation: 'staging' });
    const [rendered] = await readRenderedTree(outputs['manifests'] ?? '');
    appendFileSync(
      join(rendered?.directory ?? '', 'manifests/web.yaml'),
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\n',
    );
    await expect(readRenderedTree(outputs['manifests'] ?? '')).rejects.toMatchObject({
      code: 'rendered-changed',
    });
  });
});

it('no secret can leak, since none is opened', async () => {
  const result = await runStep(
    createJob({ workspace: shopWith(), directory: scratch(), path: '/usr/bin:/bin' }),
    {
      action: ACTION,
      inputs: { formation: 'staging' },
      environment: { STAGING_DATABASE_PASSWORD: 'a-secret-that-no-one-may-see' },
    },
  );
  expect(result.exitCode).toBe(0);
  expect(result.raw + result.summary).not.toContain('a-secret-that-no-one-may-see');
  expect(dirname(result.outputs['manifests'] ?? '')).toMatch(/slipway$/);
});
