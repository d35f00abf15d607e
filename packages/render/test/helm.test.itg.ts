import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { textMap } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { toolPath } from '@slipway/testbed';
import type { FileSource, RenderedAll } from '../src/index.ts';
import { chart, files, source } from './support/charts.ts';
import { folderWith } from './support/folders.ts';
import { type Files, inMemory, shopFiles, snapshot } from './support/shop.ts';
import { only, renderedFrom, stagingWith } from './support/tools.ts';

beforeAll(async () => {
  await toolPath('helm');
}, 600_000);

function objectOf(all: RenderedAll, kind: string): KubernetesObject {
  const found = only(all).objects.find(({ object }) => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found.object;
}

describe('a chart of Helm', () => {
  it('is rendered with values of the formation, including images by digest, in addition to the stencils', async () => {
    const all = await renderedFrom(files);
    const { objects, rendered, manifests } = only(all);
    expect(all.warnings).toEqual([]);
    expect(objects.map(({ object, file }) => `${object.kind} ${file}`)).toEqual([
      'ConfigMap manifests/config.yaml',
      'Secret manifests/demo-templates-secret.yaml',
      'Deployment manifests/demo-templates-api.yaml',
    ]);
    expect(objectOf(all, 'Deployment')['spec']).toMatchObject({
      replicas: 3,
      template: {
        spec: { containers: [{ image: `registry.example/shop/api@${snapshot.images['api']?.digest}` }] },
      },
    });
    expect(objectOf(all, 'Deployment').metadata).toEqual({
      name: 'api',
      namespace: 'shop-staging',
      labels: { app: 'demo' },
    });
    expect(manifests.get('manifests/demo-templates-api.yaml')).toContain('# The API.');
    expect(rendered.tools).toEqual({ helm: expect.stringMatching(/^v[34]\./) });
  });

  it('has its secrets sealed where a template put them, plain and encoded', async () => {
    const all = await renderedFrom(files);
    const object = objectOf(all, 'Secret');
    const standIn = 'slipway-sealed(db.password)';
    expect(object['stringData']).toEqual({ url: `postgres://u:${standIn}@db` });
    expect(object['data']).toEqual({
      password: Buffer.from(standIn).toString('base64'),
      known: Buffer.from('text').toString('base64'),
    });
    expect(
      only(all).rendered.seals.map(({ pointer, word, placement }) => [pointer, word, placement]),
    ).toEqual([
      ['/stringData/url', 'db.password', 'stringData'],
      ['/data/password', 'db.password', 'data'],
    ]);
  });

  it('has findings at the line of its template', async () => {
    const { destinations } = await renderedFrom(files);
    const deployment = destinations[0]?.objects.find(({ object }) => object.kind === 'Deployment');
    const path = 'charts/demo/templates/api.yaml';
    expect(deployment?.positionAt('/spec/replicas')).toMatchObject({ path, line: 8, column: 3 });
    expect(deployment?.positionAt('/spec/template/spec/containers/0/image')).toMatchObject({
      path,
      line: 17,
    });
    expect(deployment?.positionAt('/metadata/labels/app')).toMatchObject({ path, line: 6 });
  });

  it('is selected, patched, prefixed and labelled as stencils are', async () => {
    const more = `sources: {demo: {helm: {chart: charts/demo}}}
stencils: {exclude: ["name:demo/templates/secret", "name:config"]}
name-prefix: x-
labels: {track: y1}
patches:
  - {kind: Deployment, metadata: {name: api}, spec: {replicas: 9}}`;
    const { destinations } = await renderedFrom({ ...chart, ...stagingWith(more) });
    expect(destinations[0]?.objects.map(({ object }) => object)).toMatchObject([
      {
        kind: 'Deployment',
        metadata: { name: 'x-api', labels: { app: 'demo', track: 'y1' } },
        spec: { replicas: 9, selector: { matchLabels: { app: 'api', track: 'y1' } } },
      },
    ]);
  });

  it('applies the values of the extended formation first, and of each formation the files in order and then the values', async () => {
    const more = {
      'formations/base.yaml':
        'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: base}\nspec:\n  kubernetes: "1.34"\n  sources:\n    demo:\n      helm: {chart: charts/demo, values-files: [base.yaml], values: {b: inline, c: inline}}\n',
      'base.yaml': 'a: file\nb: file\nc: file\nd: file\n',
      'own.yaml': 'c: own\nd: own\n',
      ...stagingWith(
        'extends: base\nsources: {demo: {helm: {release: r1, values-files: [own.yaml], values: {d: last}}}}',
      ),
      'charts/demo/Chart.yaml': chart['charts/demo/Chart.yaml'] ?? '',
      'charts/demo/templates/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {{ pick .Values "a" "b" "c" "d" | toJson }}\n',
    };
    const { destinations } = await renderedFrom(more);
    const found = destinations[0]?.objects.find(({ object }) => object.metadata.name === 'r1');
    expect(found?.object['data']).toEqual({ a: 'file', b: 'inline', c: 'own', d: 'last' });
  });

  it('turns hooks into stages, and leaves out those that never run, with a warning', async () => {
    const hook = (name: string, event: string): string =>
      `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: ${name}\n  annotations: {helm.sh/hook: "${event}"}\nspec: {}\n---\n`;
    const { destinations, warnings } = await renderedFrom({
      ...chart,
      'charts/demo/templates/hooks.yaml':
        hook('before', 'pre-install,pre-upgrade') +
        hook('after', 'post-upgrade') +
        hook('never', 'pre-delete') +
        hook('test', 'test'),
      ...source('{}'),
    });
    const jobs = destinations[0]?.objects
      .filter(({ object }) => object.kind === 'Job')
      .map(({ object }) => object);
    expect(
      jobs?.map(({ metadata }) => [metadata.name, textMap(metadata['annotations'])['slipway.dev/order']]),
    ).toEqual([
      ['before', '-1'],
      ['after', '1'],
    ]);
    expect(warnings).toMatchObject([
      { code: 'source-hook-dropped', at: { path: 'charts/demo/templates/hooks.yaml', line: 19 } },
    ]);
  });

  it('has its definitions of custom resources and the API versions that the formation lists', async () => {
    const { destinations } = await renderedFrom({
      ...chart,
      'charts/demo/crds/widget.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\n',
      'charts/demo/templates/monitor.yaml':
        '{{- if .Capabilities.APIVersions.Has "example.com/v1" }}\napiVersion: example.com/v1\nkind: Monitor\nmetadata: {name: "{{ .Capabilities.KubeVersion.Minor }}"}\n{{- end }}\n',
      ...source('{}', '      api-versions: [example.com/v1]\n'),
    });
    const names = destinations[0]?.objects.map(({ object }) => `${object.kind} ${object.metadata.name}`);
    expect(names).toContain('CustomResourceDefinition widgets.example.com');
    expect(names).toContain('Monitor 34');
  });

  it('sees no cluster, no environment and no configuration of the runner', async () => {
    const { destinations } = await renderedFrom({
      ...chart,
      'charts/demo/templates/look.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: look, namespace: "{{ .Release.Namespace }}"}\ndata: {found: "{{ len (lookup "v1" "Namespace" "" "") }}", path: "{{ getHostByName "localhost" }}"}\n',
      ...source('{}'),
    });
    const look = destinations[0]?.objects.find(({ object }) => object.metadata.name === 'look');
    expect(look?.object['data']).toEqual({ found: '0', path: '' });
    expect(look?.object.metadata['namespace']).toBe('shop-staging');
  });

  it('produces the same bytes each time', async () => {
    const [first, second] = await Promise.all([renderedFrom(files), renderedFrom(files)]);
    expect(first.destinations[0]?.rendered).toEqual(second.destinations[0]?.rendered);
    expect(first.destinations[0]?.manifests).toEqual(second.destinations[0]?.manifests);
  });

  it('is rendered with its dependencies, with positions in the files that exist', async () => {
    const { destinations } = await renderedFrom({
      ...chart,
      'charts/demo/Chart.yaml': `${chart['charts/demo/Chart.yaml']}dependencies: [{name: sub, version: 1.0.0, repository: "https://charts.example"}]\n`,
      'charts/demo/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
      'charts/demo/charts/sub/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sub}\n',
      ...source('{}'),
    });
    const sub = destinations[0]?.objects.find(({ object }) => object.metadata.name === 'sub');
    expect(sub?.file).toBe('manifests/demo-charts-sub-templates-a.yaml');
    expect(sub?.positionAt('/kind')).toMatchObject({
      path: 'charts/demo/charts/sub/templates/a.yaml',
      line: 2,
    });
  });
});

describe('the chart that helm create writes', () => {
  it('is rendered as a whole, with positions in its templates', async () => {
    const on = 'ingress: {enabled: true}, autoscaling: {enabled: true}, image: {repository: a}';
    const formation = stagingWith(`sources: {demo: {helm: {chart: charts/demo, values: {${on}}}}}`);
    const workspace = folderWith({ ...shopFiles, ...formation, 'charts/README': '' });
    const env = { HOME: folderWith({}) };
    execFileSync(await toolPath('helm'), ['create', 'demo'], { cwd: join(workspace, 'charts'), env });
    const all = await renderedFrom({}, workspace);
    expect(all.warnings).toEqual([]);
    const kinds = only(all).objects.map(({ object }) => object.kind);
    expect(kinds.sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Service',
      'ServiceAccount',
    ]);
    const deployment = only(all).objects.find(({ object }) => object.kind === 'Deployment');
    const template = readFileSync(join(workspace, 'charts/demo/templates/deployment.yaml'), 'utf8').split(
      '\n',
    );
    const lineOf = (pointer: string): string | undefined =>
      template[(deployment?.positionAt(pointer).line ?? 0) - 1]?.trim();
    const container = '/spec/template/spec/containers/0';
    expect(lineOf(`${container}/image`)).toMatch(/^image: "\{\{ /);
    expect(lineOf(`${container}/ports/0/containerPort`)).toMatch(/^containerPort: \{\{/);
    expect(lineOf(`${container}/livenessProbe/httpGet`)).toMatch(/^\{\{- toYaml/);
    expect(lineOf('/metadata/labels/helm.sh~1chart')).toMatch(/^\{\{- include "demo.labels"/);
  });
});

describe('a packed chart', () => {
  const packed = async (chartFolder: string, into: string): Promise<string> => {
    const folder = folderWith({
      ...chart,
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 2.0.0\n',
      'charts/sub/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sub}\n',
    });
    mkdirSync(into, { recursive: true });
    execFileSync(await toolPath('helm'), ['package', join(folder, chartFolder), '--destination', into], {
      env: { HOME: folder },
    });
    return into;
  };

  it('is rendered from its archive, which is the position of everything in it', async () => {
    const workspace = folderWith({
      ...shopFiles,
      ...stagingWith('sources: {demo: {helm: {chart: charts/demo-1.2.3.tgz}}}'),
    });
    await packed('charts/demo', join(workspace, 'charts'));
    const { objects } = only(await renderedFrom({}, workspace));
    const deployment = objects.find(({ object }) => object.kind === 'Deployment');
    expect(deployment?.file).toBe('manifests/demo-templates-api.yaml');
    expect(deployment?.positionAt('/spec/replicas')).toMatchObject({
      path: 'charts/demo-1.2.3.tgz',
      line: 1,
    });
  });

  it('that another depends on is the position of its own output', async () => {
    const depending = `${chart['charts/demo/Chart.yaml']}dependencies: [{name: sub, version: 2.0.0, repository: "https://charts.example"}]\n`;
    const workspace = folderWith({
      ...shopFiles,
      ...chart,
      ...source('{}'),
      'charts/demo/Chart.yaml': depending,
    });
    await packed('charts/sub', join(workspace, 'charts/demo/charts'));
    const { objects } = only(await renderedFrom({}, workspace));
    const sub = objects.find(({ object }) => object.metadata.name === 'sub');
    expect(sub?.positionAt('').path).toBe('charts/demo/charts/sub-2.0.0.tgz');
  });
});

describe('a chart of another commit', () => {
  it('is read from there, with its values and its .helmignore', async () => {
    const ignoring = {
      ...files,
      'charts/demo/.helmignore': 'templates/none.yaml\n',
      'charts/demo/templates/none.yaml': '{{ fail "this is ignored" }}\n',
    };
    const workspace = folderWith({ ...shopFiles, ...files, 'charts/demo/templates/api.yaml': '' });
    const all = await renderedFrom({}, workspace, withoutHidden({ ...shopFiles, ...ignoring }));
    expect(only(all).rendered.digest).toBe(only(await renderedFrom(files)).rendered.digest);
  });
});

/** Lists files as real sources do. */
function withoutHidden(files: Files): FileSource {
  const source = inMemory(files);
  return {
    ...source,
    list: async folder => (await source.list(folder)).filter(path => !/(?:^|\/)\./.test(path)),
  };
}
