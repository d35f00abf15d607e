import { describe, expect, it } from '@jest/globals';
import { readRepositoryFrom, sharedChanges } from '../src/index.ts';
import { config, configMap, type Files, inMemory, problemsOf, shopFiles } from './support/shop.ts';

const [PASSED, HEAD, OTHER] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];

const formation = (name: string, more = ''): string =>
  `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: { name: ${name} }\nspec:\n${more}`;

const values = (...lines: readonly string[]): string => config(lines.join('\n'));

const FILES: Files = {
  ...shopFiles,
  'formations/base.yaml': formation('base', '  labels: { tier: web }\n'),
  'formations/production.yaml': formation(
    'production',
    '  extends: base\n  promoted-from: staging\n  kubernetes: "1.34"\n  sources: { web: { helm: { chart: charts/web } } }\n  destinations: { eu: { namespace: shop } }\n',
  ),
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'stencils/config.yaml': configMap('port: "${config.port}"'),
  'config/a.yaml': values('"*.*.port": 8080', '"*.production.size": 1', '"*.staging.size": 1'),
};

interface Given {
  readonly head?: Files;
  readonly isContained?: boolean;
  readonly sharedRevisions?: Readonly<Record<string, string>>;
}

async function changed({ head = {}, isContained = true, sharedRevisions = {} }: Given): Promise<string[]> {
  const files = inMemory({ ...FILES, ...head });
  const found = await sharedChanges(
    {
      ...{ passed: { revision: PASSED, sharedRevisions: { platform: PASSED } }, head: HEAD },
      ...{ formation: 'production', application: 'slipway.yaml', files },
      checkout: await readRepositoryFrom(files, 'slipway.yaml'),
      sharedRevisions: { platform: PASSED, ...sharedRevisions },
    },
    {
      isContained: () => Promise.resolve(isContained),
      openCommit: () => Promise.resolve(inMemory(FILES)),
      otherCheckouts: inMemory({}),
    },
  );
  return found.map(({ what }) => what);
}

describe('what a checkout changes of what formations share', () => {
  it.each<[string, Given, string[]]>([
    ['a stencil', { head: { 'stencils/config.yaml': configMap('port: "1"') } }, ['stencils/config.yaml']],
    [
      'a new stencil',
      { head: { 'stencils/new.yaml': configMap('a: "1"').replace('config', 'new') } },
      ['stencils/new.yaml'],
    ],
    [
      'a value for all formations',
      {
        head: {
          'config/a.yaml': values('"*.*.port": 9090', '"*.production.size": 1', '"*.staging.size": 1'),
        },
      },
      ['*.*.port'],
    ],
    [
      'the formation that it extends',
      { head: { 'formations/base.yaml': formation('base', '  labels: { tier: api }\n') } },
      ['formations/base.yaml'],
    ],
    ['a chart', { head: { 'charts/web/values.yaml': 'a: 1\n' } }, ['charts/web/values.yaml']],
    ['the commit of a second checkout', { sharedRevisions: { platform: OTHER } }, ['platform']],
  ])('is %s', async (_name, given, expected) => {
    expect(await changed(given)).toEqual(expected);
  });

  it.each<[string, Files]>([
    [
      'values whose address names the formation',
      {
        'config/a.yaml': values(
          '"*.*.port": 8080',
          '"*.production.size": 2',
          '"eu.production.port": 1',
          '"*.staging.size": 1',
        ),
      },
    ],
    [
      'values of other formations',
      { 'config/a.yaml': values('"*.*.port": 8080', '"*.production.size": 1', '"*.staging.size": 9') },
    ],
    [
      'its own file',
      { 'formations/production.yaml': `${FILES['formations/production.yaml']}  labels: { a: b }\n` },
    ],
    [
      'ends of lines',
      { 'stencils/config.yaml': (FILES['stencils/config.yaml'] ?? '').replaceAll('\n', '\r\n') },
    ],
    [
      'the order and the file of a value',
      {
        'config/a.yaml': values('"*.staging.size": 1', '"*.production.size": 1'),
        'config/b.yaml': values('"*.*.port": 8080'),
      },
    ],
  ])('is not %s', async (_name, head) => {
    expect(await changed({ head })).toEqual([]);
  });

  it('is not known where the commit that passed is not one of the branch', async () => {
    expect(await problemsOf(() => changed({ isContained: false }))).toEqual([
      expect.stringMatching(/^config-foreign/),
    ]);
  });
});
