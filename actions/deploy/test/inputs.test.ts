import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Problem, SlipwayError } from '@slipway/core';
import { inputVariable, parseInputs } from '@slipway/github';
import { inputsOf } from '@slipway/github/testing';
import { readActionFile } from '@slipway/testbed/runner';
import { MODES, readInputs } from '../src/inputs/inputs.ts';

const NO_GCP = {
  provider: '',
  serviceAccount: '',
  identity: undefined,
  endpoint: undefined,
};
const CLIENT_ID = '22222222-2222-2222-2222-222222222222';
const NO_AZURE = { client: undefined, identity: undefined };
const NO_AWS = { roles: [], identity: undefined, endpoint: undefined };

const GIVEN = {
  manifests: 'a.yaml\nb/*.yaml',
  digest: `sha256:${'0'.repeat(64)}`,
  application: 'apps/shop/slipway.yaml',
  formation: 'production',
  spawn: 'pr-12',
  'on-full': 'fail',
  destination: 'eu',
  namespace: 'shop',
  kubeconfig: '/tmp/kubeconfig',
  context: 'prod-eu',
  mode: 'apply',
  to: '41',
  against: 'v42',
  confirm: 'shop/production',
  word: 'secret.database.password',
  secrets: 'env=ONE\nsops=secrets/*.yaml\nvault=kv/shop/**',
  'secret-values': 'ONE= 1 \nSOPS_AGE_KEY=AGE-SECRET-KEY-1',
  'vault-address': 'https://vault.acme.io:8200/',
  'vault-role': 'shop',
  'vault-mount': 'ci/github/',
  'vault-audience': 'https://github.com/acme',
  'vault-namespace': 'team',
  'vault-ca': '/etc/ssl/acme.pem',
  policies: 'policies',
  packs: 'workloads: warn, references',
  waivers: 'waivers',
  crds: 'vendor/crds',
  token: 'ghs_1',
  prune: 'off',
  adopt: 'true',
  'force-conflicts': 'true',
  'allow-older': 'true',
  reason: 'hotfix',
  'hold-until': '8h',
  config: 'head',
  'config-revision': 'c'.repeat(40),
  'allow-older-config': 'true',
  'planned-from': '41',
  'strict-plan': 'true',
  timeout: '90s',
  'lock-timeout': '1m',
  registry: 'ghcr.io/acme/shop',
  'record-key': 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=\naccept-unsigned',
  'plain-http-registries': 'registry:5000',
  allow: 'namespaces=monitoring\ncluster-scoped=ClusterRole',
};

const CHOICE = {
  application: 'apps/shop/slipway.yaml',
  formation: 'production',
  destinations: ['eu'],
  namespace: 'shop',
  context: 'prod-eu',
  registry: 'ghcr.io/acme/shop',
};
const MANIFESTS = {
  ...CHOICE,
  manifests: ['a.yaml', 'b/*.yaml'],
  digest: `sha256:${'0'.repeat(64)}`,
  registry: 'ghcr.io/acme/shop',
  allow: { namespaces: ['monitoring'], 'cluster-scoped': ['ClusterRole'] },
  signed: true,
  configRevision: 'c'.repeat(40),
};
const RULES = {
  policies: ['policies'],
  packs: [
    { pack: 'workloads', level: 'warn' },
    { pack: 'references', level: 'error' },
  ],
  waivers: ['waivers'],
  crds: ['vendor/crds'],
};
const PLAN = {
  ...MANIFESTS,
  ...RULES,
  options: { prune: 'off', adopt: true, forceConflicts: true, allowOlder: true },
  reason: 'hotfix',
  config: 'head',
  allowOlderConfig: true,
};
const SECRETS = {
  allowances: [
    { store: 'env', name: 'ONE' },
    { store: 'sops', name: 'secrets/*.yaml' },
    { store: 'vault', name: 'kv/shop/**' },
  ],
  settings: {
    env: { ONE: ' 1 ' },
    sops: undefined,
    aws: NO_AWS,
    'aws-ssm': NO_AWS,
    gcp: NO_GCP,
    azure: NO_AZURE,
    'azure-certificate': NO_AZURE,
    vault: {
      address: new URL('https://vault.acme.io:8200/'),
      role: 'shop',
      mount: 'ci/github',
      audience: 'https://github.com/acme',
      namespace: 'team',
      certificateAuthority: '/etc/ssl/acme.pem',
    },
  },
  values: { ONE: ' 1 ', SOPS_AGE_KEY: 'AGE-SECRET-KEY-1' },
};

/** A release as a plan names it. */
const RECORDED = '41@2026-11-29T10:00:00.000Z';

describe('the inputs of deploy', () => {
  it('have defaults for all but the manifests', () => {
    expect(inputsOf(readInputs, { manifests: 'out' })).toEqual({
      mode: 'apply',
      cluster: { kubeconfig: '', context: '', secretNames: [], runFor: 600_000 },
      registries: { recordKeys: undefined, plainHttpRegistries: [], secretNames: [] },
      token: '',
      spawn: '',
      onFull: 'notice',
      request: {
        manifests: ['out'],
        digest: '',
        application: '',
        formation: '',
        destinations: [],
        namespace: '',
        context: '',
        registry: '',
        allow: { namespaces: [], 'cluster-scoped': [] },
        signed: false,
        configRevision: '',
        policies: [],
        packs: [],
        waivers: [],
        crds: [],
        secrets: {
          allowances: [],
          settings: {
            env: {},
            sops: undefined,
            vault: undefined,
            aws: NO_AWS,
            'aws-ssm': NO_AWS,
            gcp: NO_GCP,
            azure: NO_AZURE,
            'azure-certificate': NO_AZURE,
          },
          values: {},
        },
        options: { prune: 'after-success', adopt: false, forceConflicts: false, allowOlder: false },
        reason: '',
        allowOlderConfig: false,
        strictPlan: false,
        timeout: 600_000,
        lockTimeout: 600_000,
      },
    });
  });

  it('are all read, and no others', () => {
    const asked = new Set<string | symbol>();
    const environmentOf = (mode: string) =>
      new Proxy<Record<string, string>>(
        {
          INPUT_MODE: mode,
          INPUT_MANIFESTS: 'out',
          INPUT_REASON: 'why',
          INPUT_WORD: 'a',
          ...(mode === 'room' ? { INPUT_SPAWN: '7' } : {}),
        },
        { get: (values, name) => asked.add(name) && Reflect.get(values, name) },
      );
    for (const mode of MODES) parseInputs(environmentOf(mode), readInputs);
    const { inputs } = readActionFile(resolve(import.meta.dirname, '../action.yml'));
    expect(
      [...asked]
        .map(String)
        .filter(name => name.startsWith('INPUT_'))
        .sort(),
    ).toEqual(Object.keys(inputs).map(inputVariable).sort());
  });

  it.each([
    [
      'apply',
      'apply',
      {
        ...{ ...PLAN, plannedFrom: { number: 41 }, strictPlan: true, secrets: SECRETS },
        ...{ timeout: 90_000, lockTimeout: 60_000 },
      },
    ],
    ['plan', 'compare', { ...MANIFESTS, against: 'v42' }],
    [
      'rollback',
      'rollback',
      {
        ...{ ...CHOICE, ...RULES, to: '41', secrets: SECRETS, forceConflicts: true, reason: 'hotfix' },
        ...{ until: { after: 28_800_000 }, timeout: 90_000, lockTimeout: 60_000 },
      },
    ],
    ['hold', 'hold', { ...CHOICE, reason: 'hotfix', until: { after: 28_800_000 } }],
    ['lift-hold', 'lift-hold', CHOICE],
    ['destroy', 'destroy', { ...CHOICE, confirm: 'shop/production', reason: 'hotfix', lockTimeout: 60_000 }],
    [
      'forget',
      'forget',
      { ...CHOICE, word: 'database.password', confirm: 'shop/production', lockTimeout: 60_000 },
    ],
    ['releases', 'releases', { ...CHOICE, from: 'v42', to: '41' }],
  ])('become the request of the mode: %s', (mode, read, request) => {
    expect(inputsOf(readInputs, { ...GIVEN, mode }, { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1' })).toEqual({
      mode: read,
      cluster: {
        kubeconfig: '/tmp/kubeconfig',
        context: 'prod-eu',
        secretNames: ['ONE'],
        ...(['apply', 'rollback'].includes(read) && { runFor: 90_000 }),
      },
      registries: {
        recordKeys: expect.objectContaining({ acceptsUnsigned: true }),
        plainHttpRegistries: ['registry:5000'],
        secretNames: ['ONE'],
      },
      token: 'ghs_1',
      spawn: 'pr-12',
      onFull: 'fail',
      request,
    });
  });

  it('take a strategy as it is, and a reason for none', () => {
    const given = { manifests: 'out', strategy: 'steps: [{weight: 5}]' };
    expect(inputsOf(readInputs, given)).toMatchObject({ strategy: 'steps: [{weight: 5}]' });
    expect(() => inputsOf(readInputs, { manifests: 'out', strategy: 'none' })).toThrow('"reason"');
    expect(inputsOf(readInputs, { manifests: 'out', strategy: 'none', reason: 'hotfix' })).toMatchObject({
      strategy: 'none',
    });
  });

  it('plan for the cluster where there is nothing to compare with', () => {
    expect(inputsOf(readInputs, { ...GIVEN, mode: 'plan', against: '' })).toMatchObject({
      mode: 'plan',
      request: PLAN,
    });
  });

  it.each([
    ['2026-12-01T09:00:00Z', { at: new Date('2026-12-01T09:00:00Z') }],
    ['2026-12-01T09:00+01:00', { at: new Date('2026-12-01T08:00:00Z') }],
    ['1h30m', { after: 5_400_000 }],
    ['87600h', { after: 87_600 * 3_600_000 }],
    ['2028-02-29T09:00:00Z', { at: new Date('2028-02-29T09:00:00Z') }],
    ['', undefined],
  ])('say when a hold ends: %s', (text, until) => {
    const given = { mode: 'hold', reason: 'audit', 'hold-until': text };
    expect(inputsOf(readInputs, given)).toMatchObject({ request: { until } });
  });

  it.each([
    ...['0s', 'tomorrow', '2026-12-01', '2026-12-01T09:00:00', '2026-13-01T09:00:00Z', '8'],
    ...['2026-02-30T09:00:00Z', '2026-02-29T09:00:00Z', '2026-04-31T09:00:00+02:00'],
    ...['87601h', '99999999999999999999h'],
  ])('do not guess when a hold ends: %s', text => {
    const problems = problemsOf({ mode: 'hold', reason: 'x', 'hold-until': text });
    expect(problems.map(({ message }) => message)).toEqual([`input "hold-until" is "${text}"`]);
    expect(problems[0]?.remedy).toContain('of ten years at most');
  });

  it.each([
    ['production/eu=41, production/us=0', 'us', { number: 0 }],
    ['production/eu=41', '', { number: 41 }],
    [`production/eu=${RECORDED}, production/us=0`, 'eu', { number: 41, created: '2026-11-29T10:00:00.000Z' }],
  ])('take from %j that of the target', (planned, destination, expected) => {
    const given = { manifests: 'out', formation: 'production', destination, 'planned-from': planned };
    const plannedTarget = `production/${destination || 'eu'}`;
    expect(inputsOf(readInputs, given).request).toMatchObject({ plannedFrom: expected, plannedTarget });
  });

  it.each([
    ['production/eu=41, production/us=0', ''],
    ['production/eu=41, production/us=0', 'asia'],
    ['staging/eu=41', 'eu'],
    ['production/eu=41, production/us', 'eu'],
    ['production/eu=41, production/eu=42', 'eu'],
    ['production/eu=', 'eu'],
    ['production/eu=41@', 'eu'],
    ['production/eu=41@yesterday', 'eu'],
  ])('compare with nothing else than a release of the target: %j at %j', (planned, destination) => {
    const given = { manifests: 'out', formation: 'production', destination, 'planned-from': planned };
    expect(problemsOf(given).map(({ message }) => message)).toEqual([
      'input "planned-from" has no release of this formation and destination',
    ]);
  });

  it.each<[string, object]>([
    ['41', { number: 41 }],
    ['0', { number: 0 }],
    ['41\n# of the plan', { number: 41 }],
    [RECORDED, { number: 41, created: '2026-11-29T10:00:00.000Z' }],
  ])('take %j for the release that a plan was made from', (text, plannedFrom) => {
    expect(inputsOf(readInputs, { manifests: 'out', 'planned-from': text }).request).toMatchObject({
      plannedFrom,
    });
  });

  it.each([
    ...['v41', '-1', '1.5', 'none', '41, 42', 'none, 41', '41\n42'],
    ...[
      ',',
      '# 41',
      ', ,',
      '#',
      '0@2026-11-29T10:00:00.000Z',
      '41@',
      '41@x',
      `${RECORDED}@`,
      `41@${'0'.repeat(41)}`,
    ],
  ])('do not take %s for the release that a plan was made from', text => {
    const problems = problemsOf({ manifests: 'out', 'planned-from': text });
    expect(problems.map(({ message }) => message)).toEqual(['input "planned-from" is not a release']);
  });

  it('do not hold a release to a plan that is not known', () => {
    const problems = problemsOf({ manifests: 'out', 'strict-plan': 'true' });
    expect(problems.map(({ message }) => message)).toEqual([
      'input "strict-plan" is "true", but "planned-from" is empty, so it is not known what was approved',
    ]);
  });

  it('need a reason for a hold', () => {
    expect(problemsOf({ mode: 'hold' }).map(({ message }) => message)).toEqual(['input "reason" is missing']);
  });

  it('need a word to forget', () => {
    expect(problemsOf({ mode: 'forget' }).map(({ message }) => message)).toEqual(['input "word" is missing']);
  });

  it('let a rollback run without the credentials of a store that does not answer', () => {
    const secrets = { secrets: 'vault=kv/shop/*\nsops=secrets/*' };
    expect(inputsOf(readInputs, { mode: 'rollback', ...secrets })).toMatchObject({
      request: { secrets: { settings: { vault: undefined } } },
    });
  });

  it('are refused all at once, without repeating what may be a secret', () => {
    const problems = problemsOf({
      manifests: '',
      digest: 'abc',
      formation: 'eu, us',
      namespace: 'No Namespace',
      mode: 'destory',
      secrets: 'hunter2',
      'record-key': 'hunter2',
      timeout: 'soon',
    });
    expect(problems.map(({ message }) => message.split(' ')[1])).toEqual([
      '"mode"',
      '"manifests"',
      '"secrets"',
      '"digest"',
      '"formation"',
      '"namespace"',
      '"timeout"',
      '"record-key"',
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it.each([
    ['record-key-weak', { manifests: 'out', 'record-key': 'hunter2' }],
    ['secret-allowance-invalid', { manifests: 'out', secrets: 'valut=kv/a' }],
    ['secret-allowance-invalid', { manifests: 'out', secrets: 'vault=kv/../a' }],
    ['vault-address-invalid', { manifests: 'out', 'vault-address': 'vault.acme.io' }],
    ['input-invalid', { manifests: 'out', timeout: '0s' }],
  ])('are refused under the code that docs/errors.md explains: %s', (code, given) => {
    expect(problemsOf(given).map(problem => problem.code)).toEqual([code]);
  });
});

describe('what plain manifests may touch outside of their namespace', () => {
  const allowedBy = (allow: string): unknown =>
    (inputsOf(readInputs, { manifests: 'out', allow }).request as { allow?: unknown }).allow;
  const NOTHING = { namespaces: [], 'cluster-scoped': [] };
  const wrong = (entries: string, one = false) =>
    `input "allow" has ${one ? 'an entry that is' : 'entries that are'} neither a namespace nor a kind: ${entries}`;

  it.each([
    ['an empty input', '', NOTHING],
    ['blank lines and commas', ' \n,\n , \n', NOTHING],
    [
      'entries with spaces',
      ' namespaces = a ,cluster-scoped= ClusterRole',
      { namespaces: ['a'], 'cluster-scoped': ['ClusterRole'] },
    ],
    ['Windows line ends', 'namespaces=a\r\nnamespaces=b\r\n', { ...NOTHING, namespaces: ['a', 'b'] }],
    ['an entry that is there often', 'namespaces=a\n'.repeat(5_000), { ...NOTHING, namespaces: ['a'] }],
    [
      'a kind with its group',
      'cluster-scoped=ClusterIssuer.cert-manager.io',
      { ...NOTHING, 'cluster-scoped': ['ClusterIssuer.cert-manager.io'] },
    ],
    // It allows nothing: no object has such a kind.
    ['a kind that no cluster has', 'cluster-scoped=Nonsense', { ...NOTHING, 'cluster-scoped': ['Nonsense'] }],
  ])('is read from %s', (_, text, allow) => {
    expect(allowedBy(text)).toEqual(allow);
  });

  it.each([
    ['a wildcard for namespaces', 'namespaces=*'],
    ['a part of a name with a wildcard', 'namespaces=kube-*'],
    ['a wildcard for kinds', 'cluster-scoped=*'],
    ['every group', 'cluster-scoped=ClusterRole.*'],
    ['quotes', 'namespaces="monitoring"'],
    ['a whole entry in quotes', '"namespaces=monitoring"'],
    ['a key without a value', 'namespaces='],
    ['a value without a key', 'ClusterRole'],
    ['a key of another spelling', 'Namespaces=a'],
    ['a name that every object inherits', 'constructor=a'],
    ['a prototype', '__proto__=a'],
    ['a kind in lower case', 'cluster-scoped=clusterroles'],
    ['a namespace with capitals', 'namespaces=Monitoring'],
    ['a path', 'namespaces=../kube-system'],
    ['Markdown', 'cluster-scoped=[ClusterRole](https://example.org)'],
    ['HTML', 'cluster-scoped=<b>ClusterRole</b>'],
    ['a command of the runner', '::add-mask::a'],
    ['YAML', 'namespaces: [a]'],
    ['a kind that is too long', `cluster-scoped=${'A'.repeat(64)}`],
    ['an expression that was not replaced', '${{ vars.ALLOW }}'],
    ['a character that is not seen', 'namespaces=a\u200bb'],
  ])('is refused, and not repeated: %s', (_, text) => {
    const problems = problemsOf({ manifests: 'out', allow: text });
    expect(problems.map(({ message }) => message)).toEqual([wrong('entry 1', true)]);
  });

  it('is refused once however much of it is wrong', () => {
    const [problem, ...others] = problemsOf({
      manifests: 'out',
      allow: `namespaces=a\n${'*\n'.repeat(20_000)}`,
    });
    expect(problem?.message).toBe(wrong('entry 2, entry 3, entry 4 and 19997 more'));
    expect(others).toEqual([]);
  });
});

describe('the stores that the secrets of deploy are in', () => {
  const apply = { manifests: 'out', 'vault-address': 'https://vault.acme.io', 'vault-role': 'shop' };

  it.each([
    [
      'Vault without an address',
      { ...apply, secrets: 'vault=kv/a', 'vault-address': '' },
      ['"vault-address"'],
    ],
    [
      'Vault without a way to log in',
      { ...apply, secrets: 'vault=kv/a', 'vault-role': '' },
      ['"vault-role"'],
    ],
    ['SOPS without a key', { ...apply, secrets: 'sops=a.yaml' }, ['"secrets"']],
    ['Vault over plain HTTP', { ...apply, 'vault-address': 'http://vault.acme.io' }, ['"vault-address"']],
    ['a password in the address', { ...apply, 'vault-address': 'https://a:b@vault' }, ['"vault-address"']],
    [
      'a path with dots',
      { ...apply, 'vault-mount': '../sys', 'vault-namespace': 'a/../b' },
      ['"vault-namespace"', '"vault-mount"'],
    ],
    [
      'what they log in with, among the values',
      {
        ...apply,
        secrets: 'sops=a.yaml\nvault=kv/a',
        'vault-role': '',
        'secret-values': 'SOPS_AGE_KEY=a\nVAULT_TOKEN=b',
      },
      [],
    ],
    [
      'Azure with half of a client',
      { ...apply, secrets: 'azure=shop.vault.azure.net/a', 'azure-client-id': CLIENT_ID },
      ['"azure-tenant-id"'],
    ],
    [
      'Azure without a way to log in',
      { ...apply, secrets: 'azure=shop.vault.azure.net/a\nazure-certificate=shop.vault.azure.net/b' },
      ['"azure-client-id"'],
    ],
    [
      'a client of Azure that is a name, and a tenant that is a path',
      { ...apply, 'azure-client-id': 'shop-deploy', 'azure-tenant-id': 'a/../b' },
      ['"azure-client-id"', '"azure-tenant-id"'],
    ],
    [
      'all that Azure needs',
      {
        ...apply,
        secrets: 'azure=shop.vault.azure.net/a',
        'azure-client-id': CLIENT_ID,
        'azure-tenant-id': 'acme.onmicrosoft.com',
      },
      [],
    ],
    ['all that is needed', { ...apply, secrets: 'vault=kv/a' }, []],
    [
      'a plan, which opens none',
      { ...apply, mode: 'plan', secrets: 'vault=kv/a\nsops=a', 'vault-address': '' },
      [],
    ],
  ])('are looked at before anything else: %s', (_name, given, inputs) => {
    expect(problemsOf(given).map(({ message }) => message.split(' ')[1])).toEqual(inputs);
  });
});

it('refuses a variable with one value in secret-values and another in the environment', () => {
  const read = (value: string) =>
    parseInputs(
      {
        ...{ INPUT_MANIFESTS: 'out', INPUT_SECRETS: 'env=A', A: value },
        'INPUT_SECRET-VALUES': 'A=hunter2',
      },
      readInputs,
    );
  expect(read('hunter2')).toMatchObject({ request: { secrets: { values: { A: 'hunter2' } } } });
  expect(read('')).toMatchObject({ request: { secrets: { values: { A: 'hunter2' } } } });
  expect(() => read('hunter3')).toThrow(
    /^input "secret-values" and the step's environment set A to different/,
  );
});

function problemsOf(given: Readonly<Record<string, string>>): readonly Problem[] {
  try {
    inputsOf(readInputs, given);
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
  return [];
}
