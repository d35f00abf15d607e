import { describe, expect, test } from '@jest/globals';
import { contributionsFor, filesIn, filesOf, withIgnored } from '../src/index.ts';

const KUSTOMIZATION = 'resources: [web.yaml]\n';
const CHART = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n';

function proposed(texts: Readonly<Record<string, string>>, answers: Readonly<Record<string, string>> = {}) {
  return contributionsFor({ files: filesOf(texts), name: 'shop', answers });
}

describe('two environments of one name are refused by what they are made of', () => {
  const twins: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'overlays of two applications': {
      'apps/api/overlays/staging/kustomization.yaml': KUSTOMIZATION,
      'apps/web/overlays/staging/kustomization.yaml': KUSTOMIZATION,
    },
    'files of values with two endings': {
      'chart/Chart.yaml': CHART,
      'chart/values-staging.yaml': '',
      'chart/values-staging.yml': '',
    },
    'files of values in two cases': {
      'chart/Chart.yaml': CHART,
      'chart/values-Staging.yaml': '',
      'chart/values-staging.yaml': '',
    },
    'folders in two cases': { 'k8s/Staging/a.yaml': POD, 'k8s/staging/a.yaml': POD },
  };

  test.each(Object.entries(twins))('%s', async (_, texts) => {
    const [first, second] = Object.keys(texts)
      .filter(path => !path.endsWith('Chart.yaml'))
      .map(path => path.replace(/\/(?:a|kustomization)\.yaml$/, ''));
    await expect(proposed(texts)).rejects.toMatchObject({
      code: 'formation-twice',
      message: expect.stringContaining(`"${first}" and "${second}" would both be the formation "staging"`),
    });
  });

  test('but not the same environment in two folders of manifests, which is one', async () => {
    const { formations } = await proposed({ 'deploy/staging/a.yaml': POD, 'k8s/staging/b.yaml': POD });
    expect(formations.map(({ name }) => name)).toEqual(['staging']);
  });
});

describe('charts', () => {
  const CHARTS = {
    'charts/common/Chart.yaml': `${CHART}type: library # for the others\n`,
    'charts/api/Chart.yaml': CHART,
    'charts/web/Chart.yaml': `${CHART}type: application\n`,
  };

  test('are choices, where there are several, without libraries', async () => {
    const { questions, formations, remarks } = await proposed(CHARTS);
    expect(questions[0]).toMatchObject({ id: 'manifests', choices: ['charts/api/', 'charts/web/'] });
    expect(formations.map(({ sources }) => sources)).toEqual([
      { api: { helm: { chart: 'charts/api', release: 'api' } } },
    ]);
    expect(remarks.map(({ at, message }) => `${at?.path ?? ''}: ${message}`)).toEqual([
      ': "charts/web/" is not read, as the repository is deployed in several ways',
      expect.stringMatching(/^charts\/common\/Chart.yaml: the chart is a library of other charts/),
    ]);
  });

  test('are taken by the answer', async () => {
    const { formations } = await proposed(CHARTS, { manifests: 'charts/web/' });
    expect(formations.map(({ sources }) => Object.keys(sources ?? {}))).toEqual([['web']]);
  });

  test('are not libraries, which are left out by name', async () => {
    const { formations, remarks } = await proposed({ 'Chart.yaml': `type: 'library'\n${CHART}` });
    expect([formations, remarks.map(({ at }) => at?.path)]).toEqual([[], ['Chart.yaml']]);
  });
});

describe('what Git ignores', () => {
  const TEXTS = { 'k8s/a.yaml': POD, 'k8s/own/b.yaml': POD, 'k8s/own/c.yaml': POD, 'k8s/local.yaml': POD };

  test('is left out of the formation, and named once', async () => {
    const files = withIgnored(filesOf(TEXTS), ['k8s/local.yaml', 'k8s/own/', 'node_modules/']);
    const { formations, remarks } = await contributionsFor({ files, name: 'shop', answers: {} });
    expect(formations[0]?.sources).toEqual({
      k8s: { manifests: { paths: ['k8s'], exclude: ['k8s/local.yaml', 'k8s/own/b.yaml', 'k8s/own/c.yaml'] } },
    });
    expect(remarks.map(({ at, message }) => `${at?.path ?? ''}: ${message}`).sort()).toEqual([
      'k8s/local.yaml: "k8s/local.yaml" is ignored by Git, so no job has it, and it is left out',
      'k8s/own/b.yaml: "k8s/own/" is ignored by Git, so no job has it, and it is left out',
    ]);
  });

  test('is not a chart or a Kustomize directory either', async () => {
    const texts = { 'chart/Chart.yaml': CHART, 'overlay/kustomization.yaml': KUSTOMIZATION };
    const files = withIgnored(filesOf(texts), ['chart/', 'overlay/kustomization.yaml']);
    const { formations, remarks } = await contributionsFor({ files, name: 'shop', answers: {} });
    expect([formations, remarks]).toEqual([[], [expect.anything(), expect.anything()]]);
  });

  test('is not an environment of a chart', async () => {
    const texts = { 'chart/Chart.yaml': CHART, 'chart/values-dev.yaml': '', 'chart/values-staging.yaml': '' };
    const files = withIgnored(filesOf(texts), ['chart/values-dev.yaml']);
    const { formations, remarks } = await contributionsFor({ files, name: 'shop', answers: {} });
    expect(formations.map(({ name }) => name)).toEqual(['staging']);
    expect(remarks.map(({ at }) => at?.path)).toEqual(['chart/values-dev.yaml']);
  });

  test('is known below a folder', () => {
    const files = filesIn(withIgnored(filesOf({ 'a/b/c': '', 'a/d': '' }), ['a/b/']), 'a');
    expect([files.ignoredBy('b/c'), files.ignoredBy('d')]).toEqual(['b/', undefined]);
    expect(filesIn(withIgnored(filesOf({ 'a/b/c': '' }), ['a/']), 'a/b').ignoredBy('c')).toBe('./');
  });
});
