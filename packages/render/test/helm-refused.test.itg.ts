import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import { readRepository, renderAll } from '../src/index.ts';
import { chart, files, secrets, source } from './support/charts.ts';
import { folderWith } from './support/folders.ts';
import { type Files, problemsOf, shopFiles } from './support/shop.ts';
import { only, renderedFrom, stagingWith, toolsFor } from './support/tools.ts';

beforeAll(async () => {
  await toolPath('helm');
}, 600_000);

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
      'source-failed charts/demo/templates/x.yaml:2:13: helm failed to render the chart: nil pointer evaluating interface {}.y',
    ],
  ],
  'with a value that a template requires': [
    template('a: {{ required "say what a is" .Values.a }}\n'),
    ['source-failed charts/demo/templates/x.yaml:1:6: helm failed to render the chart: say what a is'],
  ],
  'with a template whose output is not YAML': [
    template('a: b: c\n'),
    [
      'source-failed charts/demo/templates/x.yaml:1:1: helm failed to render the chart: YAML parse error on demo/templates/x.yaml',
    ],
  ],
  'with random keys': [
    template(configMap('{a: "{{ randAlphaNum 20 }}"}')),
    [
      'source-random charts/demo/templates/x.yaml:1:1: the template "demo/templates/x.yaml" gives a different output each time',
    ],
  ],
  'with a certificate that it generates': [
    template(configMap('{a: {{ (genCA "x" 1).Cert | quote }}}')),
    ['source-random charts/demo/templates/x.yaml:1:1:'],
  ],
  'with a secret outside a Secret': [
    {
      ...template(configMap('{a: "{{ .Values.p }}"}')),
      ...secrets,
      ...source('{p: "${secret.db.password}"}'),
    },
    ['secret-misplaced charts/demo/templates/x.yaml:4:1: the secret "db.password" is not in data'],
  ],
  'with a secret in a key': [
    {
      ...template(configMap('{"{{ .Values.p }}": a}')),
      ...secrets,
      ...source('{p: "${secret.db.password}"}'),
    },
    ['secret-misplaced charts/demo/templates/x.yaml:4:1: a secret is in a key'],
  ],
  'with a word that has no value': [
    { ...chart, ...source('{replicas: "${config.replicsa}"}') },
    [`word-unvalued ${formation}:9:29: "config.replicsa" has no value`],
  ],
  'without its dependencies': [
    {
      ...chart,
      ...source('{}'),
      'charts/demo/Chart.yaml': `${chart['charts/demo/Chart.yaml']}dependencies: [{name: redis, version: 1.0.0, repository: "https://charts.example"}]\n`,
    },
    [`source-failed ${formation}:8:16: helm failed to render the chart:`],
  ],
  'whose values break its schema': [
    {
      ...chart,
      ...source('{replicas: many}'),
      'charts/demo/values.schema.json': '{"properties": {"replicas": {"type": "integer"}}}',
    },
    [
      `source-failed ${formation}:8:16: helm failed to render the chart: values don't meet the specifications`,
    ],
  ],
  'whose schema is on another host': [
    {
      ...chart,
      ...source('{}'),
      'charts/demo/values.schema.json': '{"$ref": "https://schemas.example/a.json"}',
    },
    [`source-failed ${formation}:8:16: helm failed to render the chart:`],
  ],
  'that does not exist': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: charts/dmo}}}') },
    [`source-missing ${formation}:5:34: "charts/dmo" does not exist in the workspace`],
  ],
  'of a repository of charts': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: bitnami/redis}}}') },
    [`source-missing ${formation}:5:34:`],
  ],
  'by an address': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: "oci://registry.example/redis"}}}') },
    [`format-invalid ${formation}:5:34:`],
  ],
  'outside the workspace': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: ../demo}}}') },
    [`file-outside ${formation}:5:34:`],
  ],
  'with a values file that does not exist': [
    { ...chart, ...source('{}', '      values-files: [values/none.yaml]\n') },
    [`source-missing ${formation}:9:24: "values/none.yaml" does not exist in the workspace`],
  ],
  'without a Kubernetes version': [
    { ...chart, ...secrets, [formation]: (files[formation] ?? '').replace('  kubernetes: "1.34"\n', '') },
    [`source-invalid ${formation}:4:1: the chart's output depends on the Kubernetes version`],
  ],
  'for a release with an invalid name': [
    { ...chart, ...stagingWith('sources: {demo: {helm: {chart: charts/demo, release: "A B"}}}') },
    [`source-invalid ${formation}:5:56: "A B" is not a valid release name`],
  ],
};

describe('a chart of Helm is refused', () => {
  it.each(Object.entries(refused))('%s', async (_name, [files, expected]) => {
    const problems = await problemsOf(() => renderedFrom(files));
    expect(problems).toEqual(expected.map(text => expect.stringContaining(text)));
  });

  it('where a link in it points out of the workspace, or to Git', async () => {
    const workspace = folderWith({ ...shopFiles, ...chart, ...source('{}'), '.git/config': 'token' });
    const outside = folderWith({ secret: 'x' });
    symlinkSync(join(outside, 'secret'), join(workspace, 'charts/demo/templates/.hidden'));
    expect(await problemsOf(() => renderedFrom({}, workspace))).toEqual([
      expect.stringContaining(`file-outside ${formation}:8:16: "charts/demo/templates/.hidden" points out`),
    ]);
    const other = folderWith({ ...shopFiles, ...chart, ...source('{}'), '.git/config': 'token' });
    symlinkSync('../../.git/config', join(other, 'charts/demo/config'));
    expect(await problemsOf(() => renderedFrom({}, other))).toEqual([
      expect.stringContaining(`file-outside ${formation}:8:16: "charts/demo/config" belongs to Git`),
    ]);
  });

  it('where helm is not installed, at the source', async () => {
    const absent = new SlipwayError({
      code: 'command-not-found',
      message: '"helm" cannot be run',
      remedy: 'install it',
    });
    const workspace = folderWith({ ...shopFiles, ...files });
    const repository = await readRepository({ workspace, application: 'slipway.yaml' });
    const tools = { ...(await toolsFor(workspace)), exec: () => Promise.reject(absent) };
    const targets = [{ formation: 'staging', destination: 'main' }];
    expect(await problemsOf(() => renderAll(repository, { targets, tools }))).toEqual([
      `command-not-found ${formation}:7:7: "helm" cannot be run; install it`,
    ]);
  });

  it('only with a warning, if a template reads the clock', async () => {
    const today = template(configMap('{day: "{{ now | date "2006" }}", now: "{{ .Values.now }}"}'));
    expect((await renderedFrom(today)).warnings).toMatchObject([
      { code: 'source-random', at: { path: 'charts/demo/templates/x.yaml', line: 4 } },
    ]);
    const value = template(configMap('{now: "{{ .Values.now | default "now" }}"}'));
    expect((await renderedFrom(value)).warnings).toEqual([]);
  });

  it('only with a warning, for a duplicate key', async () => {
    const twice = template(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: one\n  a: two\n',
    );
    const all = await renderedFrom(twice);
    expect(all.warnings).toMatchObject([
      { code: 'key-duplicate', at: { path: 'charts/demo/templates/x.yaml', line: 6 } },
    ]);
    expect(only(all).objects.find(({ object }) => object.metadata.name === 'x')?.object['data']).toEqual({
      a: 'two',
    });
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

  it('only with a warning, if no template uses a secret that it got', async () => {
    const { warnings } = await renderedFrom({
      ...chart,
      ...secrets,
      ...source('{other: "${secret.db.password}"}'),
    });
    expect(warnings).toMatchObject([{ code: 'secret-unseen', at: { path: formation, line: 8 } }]);
  });
});
