import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@slipway/core';
import { passedConfig, readRepositoryFrom, render, selectTargets } from '../src/index.ts';
import type { PassedVerdict } from '../src/promotion/passed-config.ts';
import { type Promoted, type Promotions, promote } from '../src/promotion/promote.ts';
import { config, configMap, type Files, inMemory, problemsOf, shopFiles, snapshot } from './support/shop.ts';

const PASSED = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);

const built: Snapshot = { ...snapshot, deploymentTag: 'v1' };

const production = (spec: string): string => `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: production }
spec:
  promoted-from: staging
${spec}`;

const AT_C: Files = {
  ...shopFiles,
  'formations/production.yaml': production(
    [
      '  labels: { tier: old }',
      '  kubernetes: "1.33"',
      '  destinations:',
      '    eu:',
      '      namespace: old',
      '      environment: none',
      '      patches: [{ kind: ConfigMap, metadata: { name: config }, data: { patched: old } }]',
      '',
    ].join('\n'),
  ),
  'stencils/config.yaml': configMap('port: "${config.port}"'),
  'config/a.yaml': config('"*.*.port": 8080'),
};

const AT_H: Files = {
  ...AT_C,
  'formations/production.yaml': production(
    [
      '  labels: { tier: new }',
      '  kubernetes: "1.34"',
      '  waves: [[us], [eu]]',
      '  destinations:',
      '    eu:',
      '      namespace: new',
      '      environment: production-eu',
      '      patches: [{ kind: ConfigMap, metadata: { name: config }, data: { patched: new } }]',
      '    us:',
      '      namespace: us',
      '      patches: [{ kind: ConfigMap, metadata: { name: config }, data: { patched: us } }]',
      '',
    ].join('\n'),
  ),
  'stencils/config.yaml': configMap('port: "${config.port}"\nadded: later'),
  'config/a.yaml': config('"*.*.port": 9090'),
};

const HEAD_OF_CHARTS = 'c'.repeat(40);

const AT_C_WITH_CHART: Files = {
  ...AT_C,
  'formations/staging.yaml': `${AT_C['formations/staging.yaml']}  kubernetes: "1.34"\n  sources: { web: { helm: { chart: vendor/charts/web } } }\n`,
};

interface Given {
  readonly sourcePaths?: readonly string[];
  readonly configRevision?: undefined;
  readonly verdict?: Partial<PassedVerdict>;
  readonly set?: Readonly<Record<string, string>>;
  readonly files?: Files;
  readonly head?: Files;
  readonly isContained?: boolean | undefined;
  readonly revisions?: Readonly<Record<string, string>>;
  readonly choice?: 'passed' | 'head';
  /** The files of second checkouts. */
  readonly others?: Files;
}

async function promoted(given: Given = {}): Promise<readonly Promoted[]> {
  const { verdict = {}, set = {}, files = AT_C, head = AT_H, revisions = {} } = given;
  const repository = await readRepositoryFrom(inMemory(head), 'slipway.yaml');
  const promotions: Promotions = {
    verdictsOn: () =>
      Promise.resolve(
        new Map([['main', { verdict: 'succeeded' as const, configRevision: PASSED, ...verdict }]]),
      ),
    isContained: () => Promise.resolve('isContained' in given ? given.isContained : true),
    openCommit: commit => Promise.resolve({ ...inMemory(files), revisionOf: () => commit }),
    otherCheckouts: inMemory(given.others ?? {}),
    readRevision: folder => Promise.resolve(revisions[folder] ?? HEAD),
  };
  const targets = selectTargets(repository, ['production'], []);
  return await promote(
    {
      repository,
      application: 'slipway.yaml',
      targets,
      snapshot: built,
      choice: given.choice,
      set,
      sourcePaths: given.sourcePaths ?? [],
      head: HEAD,
      configRevision: 'configRevision' in given ? given.configRevision : HEAD,
    },
    promotions,
  );
}

describe('what a formation is rendered from that is promoted from another one', () => {
  it('has the content of the commit that passed, and places and rules of the checkout', async () => {
    const [found, ...others] = await promoted();
    if (found === undefined) throw new Error('nothing is promoted');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ revision: PASSED, newDestinations: ['production/us'] });
    const { spec } = found.repository.formations.get('production') ?? {};
    expect(spec).toMatchObject({ kubernetes: '1.34', waves: [['us'], ['eu']], labels: { tier: 'old' } });
    expect(spec?.destinations['eu']).toMatchObject({ namespace: 'new', environment: 'production-eu' });
    const rendering = (destination: string) =>
      render(found.repository, {
        formation: 'production',
        destination,
        snapshot: built,
        configRevision: PASSED,
      });
    const [eu, us] = [rendering('eu'), rendering('us')];
    expect(eu.objects[0]?.object).toMatchObject({
      metadata: { namespace: 'new', labels: { tier: 'old' } },
      data: { port: '8080', patched: 'old' },
    });
    expect(eu.objects[0]?.object['data']).not.toHaveProperty('added');
    expect(us.objects[0]?.object).toMatchObject({ metadata: { namespace: 'us' }, data: { patched: 'us' } });
    expect(us.objects[0]?.positionAt('/data/patched')).not.toHaveProperty('revision');
    expect(eu.objects[0]?.positionAt('/data/patched')).toHaveProperty('revision', PASSED);
  });

  it.each<[string, Given]>([
    ['has not passed', { verdict: { verdict: 'failed' } }],
    ['passed with what is checked out', { verdict: { configRevision: HEAD } }],
    ['is to have the config of the checkout', { choice: 'head' }],
  ])('is the checkout where the snapshot %s', async (_name, given) => {
    expect(await promoted(given)).toEqual([]);
  });

  it.each<[string, Given, string]>([
    [
      'without a commit in the verdict',
      { verdict: { configRevision: undefined as never } },
      'config-unknown',
    ],
    ['with something that is not a commit', { verdict: { configRevision: '--output=x' } }, 'config-unknown'],
    ['of a commit of a fork', { isContained: false }, 'config-foreign'],
    ['of a commit that may be one', { isContained: undefined }, 'history-unknown'],
    ['that passed with values of a run', { verdict: { set: ['port'] } }, 'config-special'],
    ['that passed with other config than before', { verdict: { configFrom: 'head' } }, 'config-special'],
    ['with a value of this run', { set: { port: '1' } }, 'set-invalid'],
    [
      'with a value of this run, of the same commit',
      { set: { port: '1' }, verdict: { configRevision: HEAD } },
      'set-invalid',
    ],
    ['from a commit without the application', { files: {} }, 'config-incomplete'],
    [
      'from a commit without the formation',
      {
        files: Object.fromEntries(
          Object.entries(AT_C).filter(([path]) => path !== 'formations/production.yaml'),
        ),
      },
      'config-incomplete',
    ],
    [
      'with another commit of a shared folder',
      { verdict: { sharedRevisions: { platform: PASSED } } },
      'shared-differs',
    ],
    [
      'with another commit of the checkout that has a chart',
      { files: AT_C_WITH_CHART, revisions: { 'vendor/charts/web': HEAD_OF_CHARTS } },
      'shared-differs',
    ],
    [
      'with another commit of the checkout that has a chart, of the same commit',
      {
        verdict: { configRevision: HEAD, sharedRevisions: { 'vendor/charts/web': PASSED } },
        sourcePaths: ['vendor/charts/web'],
        revisions: { 'vendor/charts/web': HEAD_OF_CHARTS },
      },
      'shared-differs',
    ],
    [
      'with another commit of a shared folder, of the same commit',
      { verdict: { configRevision: HEAD, sharedRevisions: { platform: PASSED } } },
      'shared-differs',
    ],
  ])('is refused %s', async (_name, given, code) => {
    const problems = await problemsOf(async () => await promoted(given));
    expect(problems.map(problem => problem.split(/[ :]/)[0])).toEqual([code]);
  });

  it('has charts of another checkout as they passed', async () => {
    const sharedRevisions = { 'vendor/charts/web': HEAD_OF_CHARTS };
    const files = AT_C_WITH_CHART;
    const [found] = await promoted({ files, verdict: { sharedRevisions }, revisions: sharedRevisions });
    expect(found?.sharedRevisions).toEqual(sharedRevisions);
  });

  it('is the commit that passed, and not the same one with what a step changed', async () => {
    const verdict = { configRevision: HEAD };
    const [found] = await promoted({ verdict, configRevision: undefined });
    expect(found?.revision).toBe(HEAD);
  });

  it('has shared folders as they passed', async () => {
    const verdict = { sharedRevisions: { platform: PASSED } };
    const [found] = await promoted({ verdict, revisions: { platform: PASSED } });
    expect(found?.sharedRevisions).toEqual(verdict.sharedRevisions);
  });

  it('has stencils of another checkout as they passed, and none of one that was made since', async () => {
    const others = { 'stencils/config.yaml': configMap('port: "other"') };
    const { 'stencils/config.yaml': _own, ...files } = AT_C;
    const sharedRevisions = { stencils: HEAD_OF_CHARTS };
    const [found] = await promoted({
      ...{ files, others, verdict: { sharedRevisions }, revisions: sharedRevisions },
    });
    expect(found?.repository.stencils.map(({ path }) => path)).toEqual(['stencils/config.yaml']);
    const problems = await problemsOf(async () => await promoted({ others, revisions: sharedRevisions }));
    expect(problems).toEqual([expect.stringMatching(/^shared-differs.*"stencils"/)]);
    const vendored = { ...AT_C, 'stencils/vendor/more.yaml': configMap('port: "more"') };
    const later = { 'stencils/vendor/more.yaml': configMap('port: "later"') };
    const [kept] = await promoted({ files: vendored, others: later });
    expect(
      JSON.stringify(
        await kept?.files
          .read('stencils/vendor/more.yaml')
          .then(bytes => Buffer.from(bytes ?? '').toString()),
      ),
    ).toContain('more');
  });

  it('has no secret that the checkout does not have, and none of another form', async () => {
    const secret = (form: string) =>
      `apiVersion: slipway.dev/v1\nkind: Config\nspec:\n  secrets:\n    "*.*.db.password": { from: env, name: X${form} }\n`;
    const stencil = {
      'stencils/secret.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData: { password: "${secret.db.password}" }\n',
    };
    const files = { ...AT_C, ...stencil, 'config/secrets.yaml': secret('') };
    const url = { ...AT_H, 'config/secrets.yaml': secret(', as: url') };
    expect((await problemsOf(async () => await promoted({ files, head: url })))[0]).toMatch(
      /^secret-differs/,
    );
    const [found] = await promoted({ files });
    if (found === undefined) throw new Error('nothing is promoted');
    const target = { formation: 'production', destination: 'eu', snapshot: built };
    expect((await problemsOf(() => render(found.repository, target)))[0]).toMatch(
      /^word-(unknown|unvalued) .*secret\.db/,
    );
    const same = await promoted({ files, head: { ...AT_H, 'config/secrets.yaml': secret('') } });
    expect(render(same[0]?.repository as never, target).rendered.seals).toHaveLength(1);
  });
});

describe('the config that passed', () => {
  const verdict = (configRevision: string): PassedVerdict => ({ verdict: 'succeeded', configRevision });

  it('is that of all destinations, or refused with the commit of each', async () => {
    const query = { snapshot: built, formation: 'staging', choice: undefined };
    const same = new Map([
      ['eu', verdict(PASSED)],
      ['us', verdict(PASSED)],
    ]);
    expect(passedConfig({ ...query, verdicts: same })).toEqual({ revision: PASSED, sharedRevisions: {} });
    const different = new Map([...same, ['us', verdict(HEAD)] as const]);
    expect(await problemsOf(() => passedConfig({ ...query, verdicts: different }))).toEqual([
      'config-disagrees: "v1" passed with different stencils and config at the destinations of "staging": eu (aaaaaaaaaaaa), us (bbbbbbbbbbbb); deploy it to all of them from one commit and verify it there',
    ]);
    expect(
      passedConfig({ ...query, verdicts: new Map([...same, ['asia', undefined] as const]) }),
    ).toBeUndefined();
  });

  it('is unknown where the snapshot names no commit', async () => {
    const { gitRevision: _, ...unversioned } = built;
    const query = {
      formation: 'staging',
      choice: 'passed' as const,
      verdicts: new Map([['eu', verdict(PASSED)]]),
    };
    const problems = await problemsOf(() => passedConfig({ ...query, snapshot: unversioned }));
    expect(problems[0]).toMatch(
      /^config-unknown: the snapshot "v1" does not say which commit it was built from/,
    );
  });

  it('repeats what a verdict says only where it cannot be taken for something else', async () => {
    const set = ['\u202e::error::\n', ...Array<string>(9).fill('x'.repeat(500))];
    const verdicts = new Map([['eu', { ...verdict(PASSED), set }]]);
    const query = { snapshot: built, formation: 'staging', choice: undefined, verdicts };
    const [problem = ''] = await problemsOf(() => passedConfig(query));
    expect(problem).toContain('and 5 more');
    expect(problem).not.toMatch(/[\n\u202e]/);
    expect(problem.length).toBeLessThan(700);
  });
});
