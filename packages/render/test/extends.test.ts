import { describe, expect, it } from '@jest/globals';
import { stepsOf } from '@slipway/core';
import { findSecretReference, renderAll, selectTargets, unknownPromotions } from '../src/index.ts';
import { config, configMap, type Files, problemsOf, rendered, shop, shopFiles } from './support/shop.ts';

const formation = (name: string, spec: string): string =>
  `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: ${name}}\nspec:\n${spec
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n')}\n`;

const eu = 'destinations: {eu: {namespace: canary}}';
const canary: Files = { 'formations/canary.yaml': formation('canary', `extends: production\n${eu}`) };
const target = { formation: 'canary', destination: 'eu' };

const patch = (value: string, name = 'config'): string =>
  `- {kind: ConfigMap, metadata: {name: ${name}}, data: {${value}}}`;

/** The data of the first object. */
async function dataOf(files: Files, request: typeof target = target): Promise<unknown> {
  return (await rendered({ ...canary, ...files }, request)).objects[0]?.object['data'];
}

const valueFrom = async (values: string, files: Files = {}): Promise<unknown> =>
  dataOf({
    'stencils/config.yaml': configMap('value: "${config.x}"'),
    'config/a.yaml': config(values),
    ...files,
  });

describe('a formation that extends another', () => {
  it('gets the patches of the other, then its own, then those of its destination', async () => {
    const files = {
      'formations/base.yaml': formation('base', `patches:\n  ${patch('a: base, b: base, c: base')}`),
      'formations/production.yaml': formation(
        'production',
        `extends: base\ndestinations: {eu: {namespace: shop}}\npatches:\n  ${patch('b: production, c: production')}`,
      ),
      'formations/canary.yaml': formation(
        'canary',
        `extends: production\npatches:\n  ${patch('c: canary, d: canary')}\ndestinations:\n  eu:\n    namespace: canary\n    patches:\n      ${patch('d: eu')}`,
      ),
    };
    expect(await dataOf(files)).toEqual({ plain: 'text', a: 'base', b: 'production', c: 'canary', d: 'eu' });
  });

  it('has findings at the line of the patch, in the file that contains it', async () => {
    const files = { ...canary, 'formations/production.yaml': shopFiles['formations/production.yaml'] };
    const { objects } = await rendered(
      {
        ...files,
        'formations/production.yaml': `${files['formations/production.yaml']}  patches:\n    ${patch('a: x')}\n`,
      },
      target,
    );
    expect(objects[0]?.positionAt('/data/a')).toMatchObject({ path: 'formations/production.yaml', line: 12 });
    const unmatched = {
      ...canary,
      'formations/production.yaml': `${files['formations/production.yaml']}  patches:\n    ${patch('a: x', 'confg')}\n`,
    };
    expect(await problemsOf(() => rendered(unmatched, target))).toEqual([
      expect.stringContaining('patch-unmatched formations/production.yaml:12:'),
    ]);
  });

  it('selects among the stencils that the other has', async () => {
    const stencils = {
      'stencils/a.yaml': configMap('a: x', 'a'),
      'stencils/b.yaml': configMap('b: x', 'b'),
      'stencils/c.yaml': configMap('c: x', 'c'),
    };
    const files = {
      ...stencils,
      'formations/production.yaml': formation(
        'production',
        'stencils: {exclude: ["name:config"]}\ndestinations: {eu: {namespace: shop}}',
      ),
      'formations/canary.yaml': formation(
        'canary',
        `extends: production\nstencils: {include: ["name:?", "name:*"], exclude: ["name:b"]}\n${eu}`,
      ),
    };
    const { objects, warnings } = await rendered(files, target);
    expect(objects.map(({ object }) => object.metadata.name)).toEqual(['a', 'c']);
    expect(warnings.map(({ code, at }) => `${code} ${at?.path}`)).toEqual([
      'selection-unused formations/canary.yaml',
    ]);
  });

  it('inherits what it does not set itself, and adds packs and makes them stricter, but no destination and no wave', async () => {
    const base = formation(
      'base',
      [
        'promoted-from: staging',
        'soak: 2h',
        'kubernetes: "1.34"',
        'policies: {packs: [workloads, references: warn]}',
        'allow: {namespaces: [monitoring], cluster-scoped: [ClusterRole]}',
        'verify: {timeout: 5m, on-failure: rollback}',
        'destinations: {eu: {namespace: shop, context: prod}}',
        'waves: [[eu]]',
      ].join('\n'),
    );
    const own = formation(
      'canary',
      `extends: base\npolicies: {packs: [workloads: warn, references: new]}\nallow: {namespaces: []}\nverify: {timeout: 1m}\ndestinations: {main: {namespace: canary}}`,
    );
    const { formations } = await shop({ 'formations/base.yaml': base, 'formations/canary.yaml': own });
    expect(formations.get('canary')?.spec).toEqual({
      extends: 'base',
      'promoted-from': 'staging',
      soak: '2h',
      kubernetes: '1.34',
      policies: {
        packs: [
          { pack: 'workloads', level: 'error' },
          { pack: 'references', level: 'new' },
        ],
      },
      allow: { namespaces: [], 'cluster-scoped': ['ClusterRole'] },
      verify: { timeout: '1m', 'on-failure': 'rollback' },
      destinations: { main: { namespace: 'canary' } },
    });
  });

  const strategies: Record<string, [base: string, own: string, expected: unknown]> = {
    'of the other, if it has none': [
      'strategy: {steps: [{weight: 5}], drain: 1s}',
      '',
      { steps: [{ weight: 5 }], drain: '1s' },
    ],
    'of its own, and nothing of the other': [
      'strategy: {steps: [{weight: 5}], drain: 1s}',
      'strategy: {steps: [{weight: 0}]}',
      { steps: [{ weight: 0 }] },
    ],
    'of none, if it says so': ['strategy: {steps: [{weight: 5}]}', 'strategy: none', undefined],
    'of none, if the other says so': ['strategy: none', '', undefined],
  };
  it.each(Object.entries(strategies))('has the strategy %s', async (_name, [base, own, expected]) => {
    const { formations } = await shop({
      'formations/base.yaml': formation('base', base),
      'formations/canary.yaml': formation('canary', `extends: base\n${eu}\n${own}`),
    });
    expect(stepsOf(formations.get('canary')?.spec.strategy)).toEqual(expected);
  });

  it('has the problems of a strategy once, at the line of the file that contains it', async () => {
    const files = {
      'formations/base.yaml': formation('base', 'strategy:\n  steps:\n    - weight: 60'),
      'formations/canary.yaml': formation('canary', `extends: base\n${eu}`),
    };
    expect(await problemsOf(() => shop(files))).toEqual([
      expect.stringMatching(/^strategy-invalid formations\/base\.yaml:7:17: step 1 has the weight 60/),
    ]);
  });

  it('is the only one that is rendered if the other has no destinations', async () => {
    const files = {
      'formations/base.yaml': formation('base', 'kubernetes: "1.34"'),
      'formations/canary.yaml': formation('canary', `extends: base\n${eu}`),
    };
    const repository = await shop(files);
    expect([...repository.formations.keys()]).toEqual(['canary', 'production', 'staging']);
    expect(await problemsOf(() => selectTargets(repository, ['base'], []))).toEqual([
      expect.stringMatching(/^target-unknown: .*"base"/),
    ]);
  });
});

describe('addresses of a formation that is extended', () => {
  const cases: Record<string, [values: string, expected: string]> = {
    'count for what extends it': ['"*.production.x": base', 'base'],
    'give way to one of the formation itself, however many segments they name': [
      '"eu.production.x": base\n"*.canary.x": own',
      'own',
    ],
    'win over wildcards by their literal segments': ['"eu.production.x": base\n"eu.*.x": any', 'base'],
    'lose against more literal segments': ['"*.production.*": base\n"eu.*.x": any', 'any'],
  };
  it.each(Object.entries(cases))('%s', async (_name, [values, expected]) => {
    expect(await valueFrom(values)).toEqual({ value: expected });
  });

  it('tie with a wildcard with equally many literal segments, and both are shown', async () => {
    expect(await problemsOf(() => valueFrom('"*.production.x": base\n"eu.*.x": any'))).toEqual([
      expect.stringMatching(
        /^address-tie .*"\*\.production\.x" \(config\/a\.yaml:5:5\) and "eu\.\*\.x" \(config\/a\.yaml:6:5\)/,
      ),
    ]);
  });

  it('are named where a word has no value', async () => {
    expect(await problemsOf(() => valueFrom('"*.staging.x": 1'))).toEqual([
      expect.stringContaining(
        '(tried eu.canary.x, eu.production.x, eu.*.x, *.canary.x, *.production.x, *.*.x)',
      ),
    ]);
  });

  it('count along a chain, the nearest first', async () => {
    const files = {
      'formations/base.yaml': formation('base', 'kubernetes: "1.34"'),
      'formations/production.yaml': formation(
        'production',
        'extends: base\ndestinations: {eu: {namespace: shop}}',
      ),
    };
    expect(await valueFrom('"eu.base.x": furthest', files)).toEqual({ value: 'furthest' });
    expect(await valueFrom('"eu.base.x": furthest\n"*.production.x": nearer', files)).toEqual({
      value: 'nearer',
    });
  });

  it('may name a destination of a formation that extends it, and no other', async () => {
    const files = {
      'formations/canary.yaml': formation(
        'canary',
        'extends: production\ndestinations: {lab: {namespace: x}}',
      ),
    };
    const repository = await shop({ ...files, 'config/a.yaml': config('"lab.production.x": 1') });
    expect(repository.values.entries).toHaveLength(1);
    expect(
      await problemsOf(() => shop({ ...files, 'config/a.yaml': config('"lap.production.x": 1') })),
    ).toEqual([
      expect.stringMatching(/^address-unknown config\/a\.yaml:5:5: "lap" .*; did you mean "lab"\?$/),
    ]);
  });

  it('apply to secrets, also when deploy looks them up', async () => {
    const repository = await shop({
      ...canary,
      'config/a.yaml': config('', '"*.production.key": {from: env, name: KEY}'),
    });
    expect(findSecretReference(repository, target, 'key')).toMatchObject({
      address: '*.production.key',
      reference: { name: 'KEY' },
    });
  });
});

const broken: Record<string, [files: Files, expected: string[]]> = {
  'a formation that does not exist': [
    { 'formations/canary.yaml': formation('canary', `extends: prodution\n${eu}`) },
    [
      'extends-unknown formations/canary.yaml:5:12: the formation "prodution", which this one extends, does not exist; did you mean "production"?',
    ],
  ],
  'one that no name is like, with the others to choose from': [
    { 'formations/canary.yaml': formation('canary', `extends: zzz\n${eu}`) },
    [
      'extends-unknown formations/canary.yaml:5:12: the formation "zzz", which this one extends, does not exist; choose one of production, staging',
    ],
  ],
  itself: [
    { 'formations/canary.yaml': formation('canary', `extends: canary\n${eu}`) },
    [
      'extends-circular formations/canary.yaml:5:12: the formation extends itself: canary extends canary; remove extends from one of them',
    ],
  ],
  'each other': [
    {
      'formations/b.yaml': formation('b', `extends: a\n${eu}`),
      'formations/a.yaml': formation('a', `extends: b\n${eu}`),
      'formations/c.yaml': formation('c', `extends: a\n${eu}`),
    },
    [
      'extends-circular formations/a.yaml:5:12: the formation extends itself: a extends b extends a; remove extends from one of them',
    ],
  ],
  'a formation whose file is broken, and only that is reported': [
    { ...canary, 'formations/production.yaml': formation('production', 'wavs: []') },
    [expect.stringContaining('format-unknown-field formations/production.yaml:5:3') as unknown as string],
  ],
  'one that accepts only what passed in itself': [
    {
      'formations/staging.yaml': formation(
        'staging',
        'extends: production\ndestinations: {main: {namespace: x}}',
      ),
    },
    [
      'promotion-circular formations/staging.yaml:5:12: the formation "staging" accepts only snapshots that passed in "staging" itself, so it could never be deployed; name another formation in promoted-from, or extend a formation that does not set it',
    ],
  ],
};

describe('a formation cannot extend', () => {
  it.each(Object.entries(broken))('%s', async (_name, [files, expected]) => {
    expect(await problemsOf(() => shop(files))).toEqual(expected);
  });

  it('and wait for a soak without saying where it is promoted from', async () => {
    const [base, own] = [
      formation('base', 'soak: 2h'),
      'extends: base\ndestinations: {main: {namespace: a}}',
    ];
    const alone = { 'formations/base.yaml': base, 'formations/own.yaml': formation('own', own) };
    expect(await problemsOf(() => shop(alone))).toEqual([
      expect.stringMatching(
        /^soak-alone formations\/own\.yaml:.* the formation "own" has soak, and no promoted-from/,
      ),
    ]);
    const whole = { ...alone, 'formations/own.yaml': formation('own', `promoted-from: staging\n${own}`) };
    expect((await shop(whole)).formations.get('own')?.spec.soak).toBe('2h');
  });

  it('must be extended if it has no destinations', async () => {
    const files = { 'formations/base.yaml': formation('base', 'kubernetes: "1.34"') };
    expect(await problemsOf(() => shop(files))).toEqual([
      expect.stringMatching(/^destinations-missing formations\/base\.yaml:4:1: .*"base"/),
    ]);
  });
});

describe('a formation that is promoted from one that does not exist', () => {
  const unknown = async (files: Files) =>
    unknownPromotions(await shop(files)).map(({ at, message, remedy }) => [
      `${at?.path}:${at?.line}:${at?.column}`,
      message,
      remedy,
    ]);

  it('is named at its line, with the nearest name', async () => {
    const from = 'promoted-from: stagin\ndestinations: {eu: {namespace: a}}';
    expect(await unknown({ 'formations/production.yaml': formation('production', from) })).toEqual([
      [
        'formations/production.yaml:5:18',
        'the formation "production" is promoted from "stagin", and no formation with destinations has that name',
        'did you mean "staging"?',
      ],
    ]);
  });

  it('is named once, in the file that says so, and also where that name has no destinations', async () => {
    const own = (name: string) => formation(name, `extends: base\ndestinations: {eu: {namespace: ${name}}}`);
    const found = await unknown({
      'formations/base.yaml': formation('base', 'promoted-from: lone'),
      'formations/lone.yaml': formation('lone', 'kubernetes: "1.34"'),
      'formations/three.yaml': formation('three', 'extends: lone\ndestinations: {eu: {namespace: three}}'),
      'formations/one.yaml': own('one'),
      'formations/two.yaml': own('two'),
    });
    expect(found.map(([at, message]) => [at, message])).toEqual([
      [
        'formations/base.yaml:5:18',
        'the formation "base" is promoted from "lone", and no formation with destinations has that name',
      ],
    ]);
  });

  it('is not found where the name exists', async () => {
    expect(await unknown({})).toEqual([]);
  });
});

describe('the items of a List', () => {
  const list = (items: string): Files => ({
    'stencils/list.yaml': `apiVersion: v1\nkind: List\nitems:\n${items}`,
  });
  const item = (name: string, tier: string): string =>
    `  - {apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, labels: {tier: ${tier}}}}\n`;

  it('are selected one by one by their labels', async () => {
    const files = {
      ...list(item('a', 'web') + item('b', 'debug')),
      'formations/staging.yaml': formation(
        'staging',
        'stencils: {exclude: ["label:tier=debug", "name:config"]}\ndestinations: {main: {namespace: x}}',
      ),
    };
    const { objects } = await rendered(files);
    expect(objects.map(({ object }) => object.metadata.name)).toEqual(['a']);
  });
});

describe('a value that only the base of a formation uses', () => {
  it('is not reported as unused', async () => {
    const files = {
      ...canary,
      'formations/base.yaml': formation('base', `patches:\n  ${patch('a: "${config.x}"')}`),
      'formations/canary.yaml': formation('canary', `extends: base\n${eu}`),
      'config/a.yaml': config('"*.*.x": 1'),
    };
    const { warnings } = await renderAll(await shop(files), { targets: [target] });
    expect(warnings).toEqual([]);
  });
});
