import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { folderWith } from './support/folders.ts';
import { config, type Files, inMemory, problemsOf, shopFiles, snapshot } from './support/shop.ts';
import { only, renderedFrom, stagingWith } from './support/tools.ts';

beforeAll(async () => {
  await toolPath('kubectl');
}, 600_000);

const api = `# The API.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 1
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: \${image.api}
          env:
            - {name: A, value: "$\${HOME}"}
`;
const folders: Files = {
  'deploy/base/kustomization.yaml':
    'resources: [api.yaml]\nconfigMapGenerator:\n  - {name: settings, literals: [region=eu]}\nsecretGenerator:\n  - {name: keys, literals: ["db=${secret.db.password}"]}\n',
  'deploy/base/api.yaml': api,
  'deploy/overlays/eu/kustomization.yaml':
    'resources: [../../base]\nnamePrefix: eu-\nreplicas: [{name: api, count: 4}]\n',
};
const secrets = { 'config/a.yaml': config('', '"*.*.db.password": {from: env, name: DB}') };
const source = (more = ''): Files =>
  stagingWith(`sources:\n  base:\n    kustomize: {directory: deploy/overlays/eu${more}}`);
const files = { ...folders, ...secrets, ...source(', placeholders: fill') };

describe('a directory of Kustomize', () => {
  it('is built as kubectl builds it, in addition to the stencils', async () => {
    const all = await renderedFrom(files);
    expect(all.warnings).toEqual([]);
    const { objects, rendered } = only(all);
    expect(objects.map(({ object, file }) => `${object.kind} ${object.metadata.name} ${file}`)).toEqual([
      'ConfigMap config manifests/config.yaml',
      'ConfigMap eu-settings-7cg68hdddb manifests/base-base-kustomization.yaml',
      expect.stringMatching(/^Secret eu-keys-\w{10} manifests\/base-base-kustomization\.yaml$/),
      'Deployment eu-api manifests/base-base-api.yaml',
    ]);
    expect(objects[3]?.object).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'eu-api', namespace: 'shop-staging' },
      spec: {
        replicas: 4,
        selector: { matchLabels: { app: 'api' } },
        template: {
          metadata: { labels: { app: 'api' } },
          spec: {
            containers: [
              {
                name: 'api',
                image: `registry.example/shop/api@${snapshot.images['api']?.digest}`,
                env: [{ name: 'A', value: '${HOME}' }],
              },
            ],
          },
        },
      },
    });
    expect(rendered.tools).toEqual({ 'kubectl kustomize': expect.stringMatching(/^v5\./) });
  });

  it('has the secrets of its generators sealed if placeholders are filled', async () => {
    const { rendered, objects } = only(await renderedFrom(files));
    expect(rendered.seals).toMatchObject([
      { pointer: '/data/db', word: 'db.password', placement: 'data', standIn: 'slipway-sealed(db.password)' },
    ]);
    expect(objects[2]?.object['data']).toEqual({
      db: Buffer.from('slipway-sealed(db.password)').toString('base64'),
    });
  });

  it('keeps text that looks like a placeholder unless placeholders are filled', async () => {
    const { objects } = only(await renderedFrom({ ...folders, ...source() }));
    expect(JSON.stringify(objects[3]?.object)).toContain('"image":"${image.api}"');
    expect(objects[2]?.object['data']).toEqual({
      db: Buffer.from('${secret.db.password}').toString('base64'),
    });
  });

  it('has findings at the key in the file that it builds on, or the nearest one', async () => {
    const { objects } = only(await renderedFrom(files));
    const path = 'deploy/base/api.yaml';
    expect(objects[3]?.positionAt('/spec/replicas')).toMatchObject({ path, line: 7, column: 3 });
    expect(objects[3]?.positionAt('/spec/template/spec/containers/0/image')).toMatchObject({
      path,
      line: 14,
    });
    expect(objects[3]?.positionAt('/metadata/namespace')).toMatchObject({ path, line: 5 });
    expect(objects[1]?.positionAt('/data/region')).toMatchObject({
      path: 'deploy/base/kustomization.yaml',
      line: 2,
    });
  });

  it('is selected and patched as stencils are', async () => {
    const more = `sources: {base: {kustomize: {directory: deploy/overlays/eu}}}
stencils: {include: ["name:base/*api"]}
patches:
  - {kind: Deployment, metadata: {name: eu-api}, spec: {template: {spec: {containers: [{name: api, image: "\${image.api}"}]}}}}`;
    const { objects } = only(await renderedFrom({ ...folders, ...stagingWith(more) }));
    expect(objects.map(({ object }) => object.metadata.name)).toEqual(['eu-api']);
    expect(JSON.stringify(objects[0]?.object)).toContain(snapshot.images['api']?.digest);
  });

  it('may have patches with their own paths and addresses, in files and inline', async () => {
    const patched = `resources: [api.yaml]
patchesStrategicMerge:
- probe.yaml
- |
  {apiVersion: apps/v1, kind: Deployment, metadata: {name: api, annotations: {path: "https://a.example"}}}
`;
    const probe =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {template: {spec: {containers: [{name: api, livenessProbe: {httpGet: {path: "/live?full=1", port: 80}}}]}}}\n';
    const changes = { 'deploy/base/kustomization.yaml': patched, 'deploy/base/probe.yaml': probe };
    const { objects } = only(await renderedFrom({ ...files, ...changes }));
    const text = JSON.stringify(objects.map(({ object }) => object));
    expect(text).toContain('"path":"/live?full=1"');
    expect(text).toContain('"path":"https://a.example"');
  });

  it('produces the same bytes each time', async () => {
    const [first, second] = await Promise.all([renderedFrom(files), renderedFrom(files)]);
    expect(only(first).rendered).toEqual(only(second).rendered);
    expect(only(first).manifests).toEqual(only(second).manifests);
  });
});

const base = 'deploy/base/kustomization.yaml';
const builtFrom = (kustomization: string, more: Files = {}): Files => ({
  ...folders,
  ...source(),
  [base]: kustomization,
  ...more,
});
const refused: Record<string, [files: Files, expected: readonly string[]]> = {
  'that builds on a URL': [
    builtFrom('resources: ["https://example.com/all.yaml"]\n'),
    [`source-remote ${base}:1:13: "https://example.com/all.yaml" may be fetched from another host`],
  ],
  'that builds on repositories': [
    builtFrom(
      'resources:\n- github.com/acme/base?ref=v1\n- git@github.com:acme/base.git\n- git::https://example.com/x//y\ncomponents: [ssh://example.com/x]\n',
    ),
    [
      `source-remote ${base}:2:3`,
      `source-remote ${base}:3:3`,
      `source-remote ${base}:4:3`,
      `source-remote ${base}:5:14`,
    ],
  ],
  'that builds on a repository for which there is a folder too': [
    builtFrom('resources: [github.com/acme/base]\n', {
      'deploy/base/github.com/acme/base/kustomization.yaml': 'resources: []\n',
    }),
    [`source-remote ${base}:1:13`],
  ],
  'that has patches, contents and replacements of another host': [
    builtFrom(
      'resources: [api.yaml]\npatches: [{path: "https://a.example/p.yaml"}]\nconfigMapGenerator: [{name: a, files: ["k=https://a.example/f"], envs: ["http://a.example/e"]}]\nreplacements: [{path: "https://a.example/r"}]\nopenapi: {path: "https://a.example/o"}\n',
    ),
    [
      `source-remote ${base}:2:18`,
      `source-remote ${base}:4:23`,
      `source-remote ${base}:3:40`,
      `source-remote ${base}:3:73`,
      `source-remote ${base}:5:17`,
    ],
  ],
  'with a generator that reads from another host': [
    builtFrom('generators: [g.yaml]\n', {
      'deploy/base/g.yaml':
        'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [https://a.example/f]\n',
    }),
    ['source-remote deploy/base/g.yaml:4:9'],
  ],
  'with a generator in a separate folder that reads from another host': [
    builtFrom('generators: [generators]\n', {
      'deploy/base/generators/kustomization.yaml': 'resources: [g.yaml]\n',
      'deploy/base/generators/g.yaml':
        'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [https://a.example/f]\n',
    }),
    ['source-remote deploy/base/generators/g.yaml:4:9'],
  ],
  'with a chart': [
    builtFrom('helmCharts: [{name: redis, repo: "https://charts.example", version: 1.0.0}]\n'),
    [`source-remote ${base}:1:1: "helmCharts" asks Kustomize to fetch a chart`],
  ],
  'with a plugin that is a program': [
    builtFrom(
      'resources: [api.yaml]\ntransformers:\n- |\n  apiVersion: v1\n  kind: T\n  metadata:\n    name: t\n    annotations: {config.kubernetes.io/function: "exec: {path: /bin/true}"}\n',
    ),
    ['source-failed'],
  ],
  'that builds on something missing': [
    builtFrom('resources: [apy.yaml]\n'),
    [`source-missing ${base}:1:13: "deploy/base/apy.yaml" does not exist in the workspace`],
  ],
  'that builds on a folder without a kustomization': [
    builtFrom('resources: [sub]\n', { 'deploy/base/sub/x.txt': '' }),
    [`source-missing ${base}:1:13: "deploy/base/sub" has no kustomization.yaml`],
  ],
  'that builds on something outside the workspace': [
    builtFrom('resources: [../../../other]\n'),
    [`file-outside ${base}:1:13`],
  ],
  'that takes a file of Git': [
    builtFrom('configMapGenerator: [{name: a, files: [../../.git/config]}]\n', { '.git/config': 'token' }),
    [`file-outside ${base}:1:40: ".git/config" belongs to Git`],
  ],
  'with a misspelled field': [
    builtFrom('resouces: [api.yaml]\n'),
    [
      `source-failed ${base}:1:1: kubectl kustomize failed to build the directory: invalid Kustomization: json: unknown field "resouces"`,
    ],
  ],
  'with a patch that matches nothing': [
    builtFrom(
      'resources: [api.yaml]\npatches: [{patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}"}]\n',
    ),
    [`source-failed ${base}:1:1: kubectl kustomize failed to build the directory: no`],
  ],
  'that does not exist': [
    { ...folders, ...stagingWith('sources: {base: {kustomize: {directory: deploy/none}}}') },
    ['source-missing formations/staging.yaml:5:43'],
  ],
  'that is not named': [
    { ...folders, ...stagingWith('sources: {base: {kustomize: {}}}') },
    ['source-invalid formations/staging.yaml:5:20: the source "base" has no directory'],
  ],
};

describe('a directory of Kustomize is refused', () => {
  it.each(Object.entries(refused))('%s', async (_name, [files, expected]) => {
    const problems = await problemsOf(() => renderedFrom(files));
    expect(problems).toEqual(expected.map(text => expect.stringContaining(text)));
  });

  it('where a link points out of the workspace', async () => {
    const workspace = folderWith({ ...shopFiles, ...folders, ...source() });
    const outside = folderWith({ 'kustomization.yaml': 'resources: []\n', secret: 'x' });
    symlinkSync(outside, join(workspace, 'deploy/overlays/linked'));
    symlinkSync(join(outside, 'secret'), join(workspace, 'deploy/base/linked'));
    const more = { 'deploy/overlays/eu/kustomization.yaml': 'resources: [../linked]\n' };
    const other = folderWith({ ...shopFiles, ...folders, ...source(), ...more });
    symlinkSync(outside, join(other, 'deploy/overlays/linked'));
    expect(await problemsOf(() => renderedFrom({}, other))).toEqual([
      expect.stringContaining('file-outside deploy/overlays/eu/kustomization.yaml:1:13'),
    ]);
  });
});

describe('a directory of Kustomize of another commit', () => {
  it('is read from there, with what it builds on', async () => {
    const workspace = folderWith({ ...shopFiles, ...files, 'deploy/base/api.yaml': '' });
    const all = await renderedFrom({}, workspace, inMemory({ ...shopFiles, ...files }));
    expect(only(all).rendered.digest).toBe(only(await renderedFrom(files)).rendered.digest);
  });
});
