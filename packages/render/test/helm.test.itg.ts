import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type KubernetesObject, textMap } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import type { RenderedAll, RenderedDestination } from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { config, type Files, inMemory, problemsOf, shopFiles, snapshot } from './support/shop.ts';
import { renderedFrom, stagingWith } from './support/tools.ts';

beforeAll(async () => {
  await toolPath('helm');
}, 600_000);

const chart: Files = {
  'charts/demo/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.2.3\n',
  'charts/demo/values.yaml': 'replicas: 1\nimage: none\npassword: none\n',
  'charts/demo/templates/_helpers.tpl': '{{- define "labels" }}\napp: {{ .Release.Name }}\n{{- end }}\n',
  'charts/demo/templates/api.yaml': `# The API.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels: {{- include "labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: api
          image: {{ .Values.image | quote }}
`,
  'charts/demo/templates/secret.yaml': `apiVersion: v1
kind: Secret
metadata:
  name: api
  namespace: {{ .Release.Namespace }}
stringData:
  url: "postgres://u:{{ .Values.password }}@db"
data:
  password: {{ .Values.password | b64enc }}
  known: {{ "text" | b64enc }}
`,
};

const source = (values: string, more = ''): Files =>
  stagingWith(`sources:\n  demo:\n    helm:\n      chart: charts/demo\n${more}      values: ${values}`);
const values = '{image: "${image.api}", password: "${secret.db.password}", replicas: 3}';
const secrets = { 'config/a.yaml': config('', '"*.*.db.password": {from: env, name: DB}') };
const files: Files = { ...chart, ...secrets, ...source(values) };

/** The one destination that was rendered. */
function only({ destinations: [destination] }: RenderedAll): RenderedDestination {
  if (destination === undefined) throw new Error('nothing was rendered');
  return destination;
}

function objectOf(all: RenderedAll, kind: string): KubernetesObject {
  const found = only(all).objects.find(({ object }) => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found.object;
}

describe('a chart of Helm', () => {
  it('is rendered with values of the formation, images by digest among them, beside the stencils', async () => {
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

  it('has its secrets sealed where a template put them, as they are and encoded', async () => {
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
    expect(deployment?.placeOf('/spec/replicas')).toMatchObject({ path, line: 8, column: 3 });
    expect(deployment?.placeOf('/spec/template/spec/containers/0/image')).toMatchObject({ path, line: 17 });
    expect(deployment?.placeOf('/metadata/labels/app')).toMatchObject({ path, line: 6 });
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

  it('takes values of files in order, then those of the formation, and first those of what it extends', async () => {
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

  it('has hooks become stages, and those that are never run left out with a warning', async () => {
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

  it('has its definitions of custom resources and, where it asks, the given API versions', async () => {
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

  it('gives the same bytes each time', async () => {
    const [first, second] = await Promise.all([renderedFrom(files), renderedFrom(files)]);
    expect(first.destinations[0]?.rendered).toEqual(second.destinations[0]?.rendered);
    expect(first.destinations[0]?.manifests).toEqual(second.destinations[0]?.manifests);
  });

  it('is rendered from what it depends on too, with places in the files that are there', async () => {
    const { destinations } = await renderedFrom({
      ...chart,
      'charts/demo/Chart.yaml': `${chart['charts/demo/Chart.yaml']}dependencies: [{name: sub, version: 1.0.0, repository: "https://charts.example"}]\n`,
      'charts/demo/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
      'charts/demo/charts/sub/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sub}\n',
      ...source('{}'),
    });
    const sub = destinations[0]?.objects.find(({ object }) => object.metadata.name === 'sub');
    expect(sub?.file).toBe('manifests/demo-charts-sub-templates-a.yaml');
    expect(sub?.placeOf('/kind')).toMatchObject({ path: 'charts/demo/charts/sub/templates/a.yaml', line: 2 });
  });
});

const template = (text: string): Files => ({
  ...chart,
  ...source('{}'),
  'charts/demo/templates/x.yaml': text,
});
const configMap = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: ${data}\n`;
const formation = 'formations/staging.yaml';

const refused: Record<string, [files: Files, expected: readonly string[]]> = {
  'with a template that fails': [
    template('a: 1\nb: {{ .Values.x.y.z }}\n'),
    [
      'source-failed charts/demo/templates/x.yaml:2:13: helm refuses the chart: nil pointer evaluating interface {}.y',
    ],
  ],
  'with a value that a template requires': [
    template('a: {{ required "say what a is" .Values.a }}\n'),
    ['source-failed charts/demo/templates/x.yaml:1:6: helm refuses the chart: say what a is'],
  ],
  'with a template that gives no YAML': [
    template('a: b: c\n'),
    [
      'source-failed charts/demo/templates/x.yaml:1:1: helm refuses the chart: YAML parse error on demo/templates/x.yaml',
    ],
  ],
  'with random keys': [
    template(configMap('{a: "{{ randAlphaNum 20 }}"}')),
    [
      'source-random charts/demo/templates/x.yaml:1:1: the template "demo/templates/x.yaml" gives something else each time',
    ],
  ],
  'with a certificate that it makes up': [
    template(configMap('{a: {{ (genCA "x" 1).Cert | quote }}}')),
    ['source-random charts/demo/templates/x.yaml:1:1:'],
  ],
  'with a secret outside of a Secret': [
    {
      ...template(configMap('{a: "{{ .Values.p }}"}')),
      ...secrets,
      ...source('{p: "${secret.db.password}"}'),
    },
    ['secret-misplaced charts/demo/templates/x.yaml:4:1: the secret "db.password" stands outside of data'],
  ],
  'with a secret in a key': [
    {
      ...template(configMap('{"{{ .Values.p }}": a}')),
      ...secrets,
      ...source('{p: "${secret.db.password}"}'),
    },
    ['secret-misplaced charts/demo/templates/x.yaml:4:1: a secret stands in a key'],
  ],
  'with a word that has no value': [
    { ...chart, ...source('{replicas: "${config.replicsa}"}') },
    [`word-unvalued ${formation}:9:29: "config.replicsa" has no value`],
  ],
  'without what it depends on': [
    {
      ...chart,
      ...source('{}'),
      'charts/demo/Chart.yaml': `${chart['charts/demo/Chart.yaml']}dependencies: [{name: redis, version: 1.0.0, repository: "https://charts.example"}]\n`,
    },
    [`source-failed ${formation}:8:16: helm refuses the chart:`],
  ],
  'whose values break its schema': [
    {
      ...chart,
      ...source('{replicas: many}'),
      'charts/demo/values.schema.json': '{"properties": {"replicas": {"type": "integer"}}}',
    },
    [`source-failed ${formation}:8:16: helm refuses the chart: values don't meet the specifications`],
  ],
  'whose schema is on another host': [
    {
      ...chart,
      ...source('{}'),
      'charts/demo/values.schema.json': '{"$ref": "https://schemas.example/a.json"}',
    },
    [`source-failed ${formation}:8:16: helm refuses the chart:`],
  ],
  'that is not there': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: charts/dmo}}}') },
    [`source-missing ${formation}:5:34: there is no "charts/dmo" in the workspace`],
  ],
  'of a repository of charts': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: bitnami/redis}}}') },
    [`source-missing ${formation}:5:34:`],
  ],
  'by an address': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: "oci://registry.example/redis"}}}') },
    [`format-invalid ${formation}:5:34:`],
  ],
  'outside of the workspace': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: ../demo}}}') },
    [`file-outside ${formation}:5:34:`],
  ],
  'with a file of values that is not there': [
    { ...chart, ...source('{}', '      values-files: [values/none.yaml]\n') },
    [`source-missing ${formation}:9:24: there is no "values/none.yaml"`],
  ],
  'without a version of Kubernetes': [
    { ...chart, [formation]: (files[formation] ?? '').replace('  kubernetes: "1.34"\n', '') },
    [`source-invalid ${formation}:4:1: what a chart gives hangs on the version of Kubernetes`],
  ],
  'for a release whose name is none': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: charts/demo, release: "A B"}}}') },
    [`source-invalid ${formation}:5:56: "A B" is no name of a release`],
  ],
};

describe('a chart of Helm is refused', () => {
  it.each(Object.entries(refused))('%s', async (_name, [files, expected]) => {
    const problems = await problemsOf(() => renderedFrom(files));
    expect(problems).toEqual(expected.map(text => expect.stringContaining(text)));
  });

  it('where a link in it leads out of the workspace, or to Git', async () => {
    const workspace = folderWith({ ...shopFiles, ...chart, ...source('{}'), '.git/config': 'token' });
    const outside = folderWith({ secret: 'x' });
    symlinkSync(join(outside, 'secret'), join(workspace, 'charts/demo/templates/.hidden'));
    expect(await problemsOf(() => renderedFrom({}, workspace))).toEqual([
      expect.stringContaining(`file-outside ${formation}:8:16: "charts/demo/templates/.hidden" leads out`),
    ]);
    const other = folderWith({ ...shopFiles, ...chart, ...source('{}'), '.git/config': 'token' });
    symlinkSync('../../.git/config', join(other, 'charts/demo/config'));
    expect(await problemsOf(() => renderedFrom({}, other))).toEqual([
      expect.stringContaining(`file-outside ${formation}:8:16: "charts/demo/config" belongs to Git`),
    ]);
  });

  it('unless the template that is random is not selected', async () => {
    const random = {
      ...template(configMap('{a: "{{ randAlphaNum 20 }}"}')),
      ...stagingWith(
        'sources: {demo: {helm: {chart: charts/demo}}}\nstencils: {exclude: ["name:demo/templates/x"]}',
      ),
    };
    expect((await renderedFrom(random)).destinations).toHaveLength(1);
  });

  it('not, but there is a warning, where no template uses a secret that it was given', async () => {
    const { warnings } = await renderedFrom({
      ...chart,
      ...secrets,
      ...source('{other: "${secret.db.password}"}'),
    });
    expect(warnings).toMatchObject([{ code: 'secret-unseen', at: { path: formation, line: 8 } }]);
  });
});

describe('a chart of another commit', () => {
  it('is read from there, values and all', async () => {
    const workspace = folderWith({ ...shopFiles, ...files, 'charts/demo/templates/api.yaml': '' });
    const all = await renderedFrom({}, workspace, inMemory({ ...shopFiles, ...files }));
    expect(only(all).rendered.digest).toBe(only(await renderedFrom(files)).rendered.digest);
  });
});
