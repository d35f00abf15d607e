import { describe, expect, it } from '@jest/globals';
import type { Problem, SlipwayError } from '@slipway/core';
import { type Application, type Formation, type WorkflowSettings, workflowFiles } from '@slipway/workflows';
import { load } from 'js-yaml';
import { application, destinations, formation, SHOP } from './support/applications.ts';

interface ReadWorkflow {
  readonly name: string;
  readonly 'run-name'?: string;
  readonly on: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, unknown>> } | null>>;
  readonly jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function written(app: Application, settings: Partial<WorkflowSettings> = {}): ReadonlyMap<string, string> {
  const files = workflowFiles(app, settings);
  return new Map(files.map(({ path, text }) => [path.replace('.github/workflows/', ''), text]));
}

function read(app: Application, file: string, settings: Partial<WorkflowSettings> = {}): ReadWorkflow {
  return load(written(app, settings).get(file) ?? '') as ReadWorkflow;
}

function jobsOf(app: Application, file: string): string[] {
  return Object.keys(read(app, file).jobs);
}

function problemsOf(app: Application, settings: Partial<WorkflowSettings> = {}): readonly Problem[] {
  try {
    workflowFiles(app, settings);
    return [];
  } catch (error) {
    return (error as SlipwayError).problems;
  }
}

function codesOf(app: Application, settings: Partial<WorkflowSettings> = {}): string[] {
  return problemsOf(app, settings).map(({ code }) => code);
}

describe('the workflows of an application', () => {
  it('are a file for each thing that a person does', () => {
    expect([...written(SHOP).keys()]).toEqual([
      ...['pull-request.yml', 'release.yml', 'rebuild.yml', 'promote.yml', 'wave.yml'],
      ...['rollback.yml', 'hold.yml', 'destroy.yml', 'recover.yml', 'status.yml'],
    ]);
  });

  it('have one job for a formation of one destination', () => {
    expect(jobsOf(SHOP, 'release.yml')).toEqual(['release']);
    const promoted = application([
      formation('staging'),
      formation('production', { promotedFrom: 'staging' }),
    ]);
    expect(jobsOf(promoted, 'promote.yml')).toEqual(['prepare', 'promote']);
    const [staging, production] = promoted.formations;
    const open = { ...production, name: 'production', waves: [[{ name: 'main' }]] } as Formation;
    expect(jobsOf(application([staging as Formation, open]), 'promote.yml')).toEqual(['promote']);
  });

  it('plan a promotion in a job without an environment, and deploy from that plan in one with it', () => {
    const planned = application([formation('staging'), formation('production', { promotedFrom: 'staging' })]);
    for (const app of [planned, SHOP]) {
      const { jobs } = read(app, 'promote.yml');
      expect(jobs['prepare']).not.toHaveProperty('environment');
      expect(JSON.stringify(jobs['prepare'])).not.toContain('secrets.');
      expect(JSON.stringify(jobs['prepare'])).toContain('"steps":"build, render, check, plan"');
    }
    const step = {
      with: expect.objectContaining({ 'planned-from': expect.stringContaining('planned-from') }),
    };
    const { promote } = read(planned, 'promote.yml').jobs;
    expect(promote).toMatchObject({ environment: 'production', needs: 'prepare' });
    expect(promote?.['steps']).toContainEqual(expect.objectContaining(step));
    expect(read(SHOP, 'wave.yml').jobs['wave']?.['steps']).toContainEqual(expect.objectContaining(step));
    expect(written(SHOP).get('release.yml')).not.toMatch(/, plan|planned-from|^ +config:/m);
  });

  it('let a rollback read what is not restored from the copy that was kept, and nothing else', () => {
    const readAgain = { variables: ['DB_PASSWORD'], sops: ['secrets/live.yaml'], vault: ['kv/live'] };
    const secrets = { ...readAgain, variables: ['DB_PASSWORD', 'SMTP_PASSWORD'] };
    const app = application([formation('staging'), formation('live', { secrets, readAgain })]);
    const job = read(app, 'rollback.yml').jobs['rollback'];
    const steps = (job?.['steps'] ?? []) as { with: Record<string, string>; env?: Record<string, string> }[];
    const step = steps.at(-1);
    expect(step?.with['secrets']).toBe('env=DB_PASSWORD\nsops=secrets/live.yaml\nvault=kv/live\n');
    expect(Object.keys(step?.env ?? {})).toEqual(['DB_PASSWORD', 'SOPS_AGE_KEY']);
    expect(job?.['permissions']).toMatchObject({ 'id-token': 'write' });
    expect(written(app).get('rollback.yml')).toMatch(/^# Needs: .*DB_PASSWORD.*VAULT_ADDRESS/m);
    expect(written(app).get('rollback.yml')).not.toContain('SMTP_PASSWORD');
    for (const file of ['hold.yml', 'destroy.yml'])
      expect(written(app).get(file)).not.toMatch(/ secrets:|DB_P/);
  });

  it('take stencils and config as someone chose, in the plan and in what is deployed', () => {
    const config = "config: ${{ inputs.config != 'usual' && inputs.config || '' }}";
    expect(written(SHOP).get('promote.yml')).toContain(config);
    expect(written(SHOP).get('wave.yml')).toContain(config);
    const { on } = read(SHOP, 'promote.yml');
    expect(on['workflow_dispatch']?.inputs).toMatchObject({
      config: { options: ['usual', 'head', 'passed'] },
    });
  });

  it('take over what something else deployed where a person says so, and never on the schedule', () => {
    for (const [file, step] of [
      ['release.yml', 'release.yml'],
      ['promote.yml', 'wave.yml'],
    ] as const) {
      const { on } = read(SHOP, file);
      expect(on['workflow_dispatch']?.inputs).toMatchObject({ adopt: { options: ['no', 'yes'] } });
      expect(written(SHOP).get(step)).toContain("adopt: ${{ inputs.adopt == 'yes' }}");
    }
    expect(written(SHOP).get('promote.yml')).toContain('adopt: "${{ inputs.adopt }}"');
    expect(written(SHOP).get('rebuild.yml')).not.toContain('adopt');
  });

  it('leave the records of deployments to GitHub, or make them at the commit of the images, and never both', () => {
    const exact = written(SHOP, { deployments: 'exact' });
    for (const [file, text] of exact) {
      const environments = text.match(/^ +environment:/gm)?.length ?? 0;
      expect([file, text.match(/deployment: false/g)?.length ?? 0]).toEqual([file, environments]);
      const verifies = /steps: .*verify/.test(text);
      const makes = [text.includes('deployments: exact'), text.includes('deployments: write')];
      if (verifies) expect([file, makes]).toEqual([file, [true, true]]);
    }
    expect(exact.get('hold.yml')).not.toContain('deployments:');
    for (const [, text] of written(SHOP)) expect(text).not.toMatch(/deployment: false|deployments:/);
  });

  it('have a job that prepares and one for each wave', () => {
    expect(jobsOf(SHOP, 'promote.yml')).toEqual(['prepare', 'wave-1', 'wave-2']);
    const { jobs } = read(SHOP, 'promote.yml');
    expect(jobs['wave-2']?.['needs']).toEqual(['prepare', 'wave-1']);
  });

  it('say which waves, destinations and environments they were written for, so that others fail', () => {
    const app = application([
      formation('staging', { waves: [[{ name: 'main' }]] }),
      formation('preview', { waves: [[{ name: 'one', environment: 'Preview 1' }], [{ name: 'two' }]] }),
      formation('production', { promotedFrom: 'staging' }),
    ]);
    const expected = (file: string, job: string) => {
      const steps = read(app, file).jobs[job]?.['steps'] as { id?: string; with?: Record<string, string> }[];
      return steps.find(({ id }) => id === 'prepare')?.with?.['expected-waves'];
    };
    const pushed = '1:staging/main=, 1:preview/one=Preview 1, 2:preview/two=';
    expect(expected('release.yml', 'prepare')).toBe(pushed);
    expect(expected('rebuild.yml', 'prepare')).toBe(pushed);
    expect(expected('promote.yml', 'prepare')).toBe('1:production/main=production');
    const wide = application([formation('staging', { waves: [destinations(50)] })]);
    const { jobs } = read(wide, 'release.yml');
    expect(JSON.stringify(jobs['prepare'])).toContain(
      '1:staging/d49=production-d49, 1:staging/d50=production-d50"',
    );
  });

  it('need no further file for one wave of several destinations', () => {
    const app = application([formation('staging', { waves: [destinations(3)] })]);
    expect(jobsOf(app, 'release.yml')).toEqual(['prepare', 'wave-1']);
    expect([...written(app).keys()]).not.toContain('wave.yml');
  });

  it('release to all formations that are not promoted to, with one build', () => {
    const app = application([formation('staging'), formation('preview')]);
    expect(jobsOf(app, 'release.yml')).toEqual(['prepare', 'wave-1']);
    expect(written(app).get('release.yml')).toContain('formation: "staging, preview"');
  });

  it('have a promotion for each formation that is promoted to', () => {
    const from = { promotedFrom: 'staging' };
    const app = application([formation('staging'), formation('asia', from), formation('europe', from)]);
    const files = [...written(app).keys()].filter(name => name.startsWith('promote'));
    expect(files).toEqual(['promote-asia.yml', 'promote-europe.yml']);
  });

  it('carry the name of an application that is not at the root, and its path', () => {
    const app = { ...SHOP, path: 'services/shop/slipway.yaml' };
    const files = written(app);
    expect([...files.keys()].every(name => name.startsWith('shop-'))).toBe(true);
    expect(files.get('shop-release.yml')).toContain('name: "shop: Release"');
    for (const [, text] of files)
      if (text.includes('uses: slipway-dev/'))
        expect(text).toContain('application: services/shop/slipway.yaml');
    expect(files.get('shop-promote.yml')).toContain('uses: ./.github/workflows/shop-wave.yml');
  });

  it('give secrets to the step that deploys, and to no other', () => {
    const release = written(SHOP).get('release.yml') ?? '';
    const [before = '', deploy = ''] = release.split('- id: deploy');
    expect(before).not.toContain('STAGING_PASSWORD: ');
    expect(deploy).toContain('STAGING_PASSWORD: "${{ secrets.STAGING_PASSWORD }}"');
    expect(release).not.toContain('GITHUB_ENV');
  });

  it('allow SOPS files and secrets of Vault, with what opens them', () => {
    const secrets = { variables: [], sops: ['secrets/a.yaml'], vault: ['kv/shop/database'] };
    const text = written(application([formation('staging', { secrets })])).get('release.yml') ?? '';
    expect(text).toContain('            sops=secrets/a.yaml\n            vault=kv/shop/database\n');
    expect(text).toContain('SOPS_AGE_KEY: "${{ secrets.SOPS_AGE_KEY }}"');
    expect(text).toContain('vault-role: ${{ vars.VAULT_ROLE }}');
    expect(text).toContain('id-token: write');
  });

  it('allow the keys that SOPS files are encrypted for, with their logins, and no identity of age that no file needs', () => {
    const sopsKeys = [
      `sops-kms=arn:aws:kms:eu-central-1:111122223333:alias/sops context=app:shop,env:staging`,
      `sops-pgp=${'AB'.repeat(20)}`,
    ];
    const secrets = { variables: [], sops: ['a.yaml'], vault: [], sopsKeys, sopsVariables: [] };
    const text = written(application([formation('staging', { secrets })])).get('release.yml') ?? '';
    expect(text).toContain(['sops=a.yaml', ...sopsKeys].map(line => `            ${line}\n`).join(''));
    expect(text).toContain('id-token: write');
    expect(text).not.toContain('SOPS_AGE_KEY');
    expect(text).not.toContain('vars.');
    expect(text).toContain('For SOPS, between the marks: a login to AWS, a step that imports the PGP key.');
  });

  it('ask Vault to open a SOPS file that is encrypted by its engine transit', () => {
    const keys = { sopsKeys: ['sops-transit=transit/shop'], sopsVariables: ['SOPS_AGE_SSH_PRIVATE_KEY'] };
    const secrets = { variables: [], sops: ['a.yaml'], vault: [], ...keys };
    const files = written(application([formation('staging', { secrets, readAgain: secrets })]));
    for (const file of ['release.yml', 'rollback.yml']) {
      const text = files.get(file) ?? '';
      for (const input of ['address', 'role', 'mount', 'audience', 'namespace', 'ca'])
        expect(text).toContain(`vault-${input}: \${{ vars.VAULT_${input.toUpperCase()} }}`);
      expect(text).toContain('SOPS_AGE_SSH_PRIVATE_KEY: "${{ secrets.SOPS_AGE_SSH_PRIVATE_KEY }}"');
      expect(text).toContain('The variables VAULT_ADDRESS and VAULT_ROLE.');
      expect(text).toContain('id-token: write');
    }
  });

  it.each([
    [
      'aws',
      ['aws=111122223333/eu-central-1/shop'],
      ['aws-role: ${{ vars.AWS_ROLE }}'],
      'The variable AWS_ROLE, or a login to AWS of your own.',
    ],
    [
      'gcp',
      ['gcp=shop-production/database'],
      ['gcp-provider: ${{ vars.GCP_PROVIDER }}', 'gcp-service-account: ${{ vars.GCP_SERVICE_ACCOUNT }}'],
      'The variables GCP_PROVIDER and GCP_SERVICE_ACCOUNT, or a login to Google Cloud of your own.',
    ],
    [
      'azure',
      ['azure-certificate=shop.vault.azure.net/tls', 'azure=shop.vault.azure.net/database'],
      ['azure-client-id: ${{ vars.AZURE_CLIENT_ID }}', 'azure-tenant-id: ${{ vars.AZURE_TENANT_ID }}'],
      'The variables AZURE_CLIENT_ID and AZURE_TENANT_ID, or a login to Azure of your own.',
    ],
  ])(
    'log in to a cloud (%s) where a release or a rollback reads its secrets, and say what that needs',
    (cloud, lines, inputs, need) => {
      const secrets = { variables: [], sops: [], vault: [], [cloud]: lines };
      const files = written(application([formation('staging', { secrets, readAgain: secrets })]));
      for (const file of ['release.yml', 'rollback.yml']) {
        const text = files.get(file) ?? '';
        for (const expected of [
          ...lines,
          ...inputs,
          need,
          'id-token: write',
          'cloud-identity: ${{ vars.CLOUD_IDENTITY }}',
        ])
          expect(text).toContain(expected);
      }
    },
  );

  it('rebuild by the schedule, which runs on the default branch, only if that is what a push releases', () => {
    const condition = (app: Application, job: string, branch: string) =>
      read(app, 'rebuild.yml', { branch }).jobs[job]?.['if'];
    const only = (branch: string) =>
      `\${{ github.event_name != 'schedule' || github.ref_name == '${branch}' }}`;
    expect(condition(SHOP, 'rebuild', 'release/next')).toBe(only('release/next'));
    expect(condition(SHOP, 'rebuild', 'main')).toBe(only('main'));
    const wide = application([formation('staging', { waves: [destinations(2)] })]);
    expect(condition(wide, 'prepare', 'trunk')).toBe(only('trunk'));
    expect(read(wide, 'rebuild.yml').jobs['wave-1']?.['needs']).toBe('prepare');
    expect(read(SHOP, 'release.yml').jobs['release']).not.toHaveProperty('if');
  });

  it('set a variable once, though the config names it and SOPS needs it', () => {
    const secrets = { variables: ['SOPS_AGE_KEY'], sops: ['secrets/a.yaml'], vault: [] };
    const text = written(application([formation('staging', { secrets })])).get('release.yml') ?? '';
    expect(text.match(/SOPS_AGE_KEY: /g)).toHaveLength(1);
  });

  it("may use packages only where the job's token logs in to the registry", () => {
    const permitted = (registry: string): string[] =>
      [...written({ ...SHOP, registry })]
        .filter(([, text]) => text.includes('packages:'))
        .map(([name]) => name);
    expect(permitted('ghcr.io/acme/shop')).toEqual([
      ...[
        'release.yml',
        'rebuild.yml',
        'promote.yml',
        'wave.yml',
        'rollback.yml',
        'hold.yml',
        'destroy.yml',
        'recover.yml',
        'status.yml',
      ],
    ]);
    expect(permitted('harbor.acme.io/shop')).toEqual([]);
  });

  it.each([
    ['containers.acme.io/shop', 'github', false],
    ['containers.acme.io/shop', 'ghes', true],
    ['containers.acme.ghe.com/shop', 'github', true],
    ['containers.acme.ghe.com.evil.io/shop', 'github', false],
    ['ghcr.io.acme.io/shop', 'github', false],
  ] as const)(
    "give the job's token to a registry of GitHub's only: %s with %s",
    (registry, target, isGiven) => {
      for (const [name, text] of written({ ...SHOP, registry }, { target })) {
        if (name === 'pull-request.yml') continue;
        expect(text.includes('github.token')).toBe(isGiven);
        expect(text.includes('secrets.REGISTRY_TOKEN')).toBe(!isGiven);
        expect(text.includes('packages:')).toBe(isGiven);
      }
    },
  );

  it('say by their runs what goes where, and who started it', () => {
    for (const [name, text] of written(SHOP)) {
      if (name === 'wave.yml') continue;
      expect(text).toMatch(/^run-name: "shop: .*by @\$\{\{ github\.actor \}\}"$/m);
    }
  });

  it('queue what a push releases, and nothing that may wait for an approval', () => {
    expect(written(SHOP).get('release.yml')).toContain('queue: max');
    for (const name of [
      'promote.yml',
      'wave.yml',
      'rollback.yml',
      'hold.yml',
      'destroy.yml',
      'recover.yml',
      'status.yml',
    ])
      expect(written(SHOP).get(name)).not.toContain('concurrency');
  });

  it('let a person choose a formation, and one of its destinations or all', () => {
    const { on } = read(SHOP, 'rollback.yml');
    expect(on['workflow_dispatch']?.inputs).toMatchObject({
      formation: { options: ['staging', 'production'], required: true },
      destination: { type: 'string' },
    });
    const text = (written(SHOP).get('rollback.yml') ?? '').replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      `fromJSON('{ "staging": { "": ["main"], "main": ["main"] }, "production": { "": ["eu", "us"], "eu": ["eu"], "us": ["us"] } }')[inputs.formation][inputs.destination]`,
    );
    expect(text).toContain('"us": "production-us"');
  });

  it('bring back what a lost cluster had one after the other, from a list that is made without a secret or an environment', () => {
    const { on, jobs } = read(SHOP, 'recover.yml');
    expect(on['workflow_dispatch']?.inputs).toMatchObject({
      destination: { options: ['main', 'eu', 'us'], required: true },
      reason: { required: true },
    });
    expect(jobs['list']).not.toHaveProperty('environment');
    expect(JSON.stringify(jobs['list'])).not.toContain('secrets.');
    expect(jobs['recover']).toMatchObject({
      ...{ needs: 'list', environment: '${{ matrix.environment }}' },
      strategy: { 'fail-fast': false, 'max-parallel': 1 },
    });
    expect(JSON.stringify(jobs['recover'])).toContain('"steps":"deploy, verify","mode":"recover"');
  });

  it('take destinations from their table only, as one of an input would run without its environment', () => {
    for (const name of ['rollback.yml', 'hold.yml', 'destroy.yml']) {
      const text = (written(SHOP).get(name) ?? '').replaceAll(/\s+/g, ' ');
      const [, matrix = ''] = /destination: >- (.*?) environment: /.exec(text) ?? [];
      // Whatever the inputs are, they only choose among the lists, and what is not there is not JSON.
      expect(matrix).toMatch(
        /^\$\{\{ fromJSON\('\{[^']*\}'\)\[inputs\.formation\]\[inputs\.destination\] \|\| fromJSON\(format\('\{0\} has no/,
      );
    }
  });

  it('are called by others in the shared form, which asks for the path and needs no secret by name', () => {
    for (const [name, text] of written(SHOP, { form: 'shared' })) {
      const { on } = load(text) as ReadWorkflow;
      expect({ name, on: Object.keys(on) }).toEqual({ name, on: ['workflow_call'] });
      expect(on['workflow_call']?.inputs).toHaveProperty('application');
      expect(on['workflow_call']).not.toHaveProperty('secrets');
      expect(text).toContain('"secrets: inherit"');
    }
  });

  it('leave out on Enterprise Server what it does not have', () => {
    for (const [, text] of written(SHOP, { target: 'ghes' }))
      expect(text).not.toMatch(/queue:|upload-artifact/);
  });

  it('have the other settings where they belong', () => {
    const settings = {
      branch: 'trunk',
      runsOn: 'arc-small',
      version: 'a'.repeat(40),
      idToken: 'write',
      signing: 'record-key',
    } as const;
    const text = written(SHOP, settings).get('release.yml') ?? '';
    expect(text).toContain('push: { branches: ["trunk"] }');
    expect(text).toContain('runs-on: arc-small');
    expect(text).toContain(`slipway-dev/slipway@${'a'.repeat(40)}`);
    expect(text).toContain('id-token: write');
    expect(text.match(/record-key: \$\{\{ secrets\.RECORD_KEY \}\}/g)).toHaveLength(2);
  });

  const LARGE: Readonly<Record<string, readonly Formation[]>> = {
    'one destination': [formation('staging')],
    'fifty destinations in one wave': [formation('staging', { waves: [destinations(50)] })],
    'four waves': [
      formation('staging'),
      formation('production', { promotedFrom: 'staging', waves: destinations(4).map(one => [one]) }),
    ],
  };
  it.each(Object.keys(LARGE))('have at most 60 lines each: %s', name => {
    for (const [file, text] of written(application(LARGE[name] ?? [])))
      expect({ file, short: text.trimEnd().split('\n').length <= 60 }).toEqual({ file, short: true });
  });
});

describe('names that YAML or GitHub would read as something else', () => {
  it('stay the text that they are', () => {
    const app = application([formation('true'), formation('1'), formation('on', { promotedFrom: 'true' })]);
    const { on } = read(app, 'rollback.yml');
    expect(on['workflow_dispatch']?.inputs).toMatchObject({ formation: { options: ['true', '1', 'on'] } });
    expect(written(app).get('promote.yml')).toContain('formation: "on"');
  });

  it('are never the id of a job', () => {
    const app = application([formation('prepare'), formation('wave-1', { promotedFrom: 'prepare' })]);
    expect([...jobsOf(app, 'release.yml'), ...jobsOf(app, 'promote.yml')]).toEqual([
      ...['release', 'prepare', 'promote'],
    ]);
  });
});

describe('what no workflow can be written for', () => {
  const hostile = "x'); }} ${{ secrets.KUBECONFIG }}";
  const from = (promotedFrom: string): Partial<Formation> => ({ promotedFrom });
  const environment = (name: string): Partial<Formation> => ({
    waves: [[{ name: 'main', environment: name }]],
  });
  const secrets = (more: object): Partial<Formation> => ({
    secrets: { variables: [], sops: [], vault: [], ...more },
  });
  const CASES: Readonly<Record<string, readonly [Application, string]>> = {
    'promoted from a formation that does not exist': [
      application([formation('staging'), formation('production', from('stagin'))]),
      'workflow-promotion-unknown',
    ],
    'promoted in a circle': [
      application([formation('a', from('b')), formation('b', from('a'))]),
      'workflow-promotion-circular,workflow-promotion-circular',
    ],
    'more destinations than a matrix has jobs': [
      application([formation('staging', { waves: [destinations(257)] })]),
      'workflow-too-large',
    ],
    'more destinations altogether than a workflow has jobs': [
      application([
        formation('staging', { waves: [destinations(200)] }),
        formation('production', { waves: [destinations(57)] }),
      ]),
      'workflow-too-large',
    ],
    'names that are too long for an expression': [
      application([
        formation('staging', {
          waves: [destinations(200).map(({ name }) => ({ name, environment: `${'x'.repeat(100)}-${name}` }))],
        }),
      ]),
      'workflow-too-large',
    ],
    'no formation': [application([]), 'workflow-formation-missing'],
    'a hostile formation': [
      application([formation(hostile)]),
      'workflow-name-invalid,workflow-environment-invalid',
    ],
    'a hostile destination': [
      application([formation('staging', { waves: [[{ name: hostile }]] })]),
      'workflow-name-invalid',
    ],
    'a hostile environment': [
      application([formation('staging', environment(hostile))]),
      'workflow-environment-invalid',
    ],
    'a hostile application': [
      application([formation('staging')], { name: hostile }),
      'workflow-name-invalid',
    ],
    'a hostile path': [
      application([formation('staging')], { path: '${{github.token}}/slipway.yaml' }),
      'workflow-name-invalid',
    ],
    'a path outside': [
      application([formation('staging')], { path: '../slipway.yaml' }),
      'workflow-name-invalid',
    ],
    'a hostile registry': [
      application([formation('staging')], { registry: '$(id)/x' }),
      'workflow-name-invalid',
    ],
    'a hostile SOPS file': [
      application([formation('staging', secrets({ sops: ['${{github.token}}.yaml'] }))]),
      'workflow-name-invalid',
    ],
    'a variable of the runner': [
      application([
        formation(
          'staging',
          secrets({ variables: ['GITHUB_TOKEN', 'PATH', 'NODE_OPTIONS', 'KUBECONFIG', 'DOCKER_CONFIG'] }),
        ),
      ]),
      Array.from({ length: 5 }, () => 'workflow-variable-reserved').join(),
    ],
    'variables that differ in case only': [
      application([
        formation('a', secrets({ variables: ['DB_KEY'] })),
        formation('b', secrets({ variables: ['db_key'] })),
      ]),
      'workflow-variable-ambiguous',
    ],
    'a variable that differs from the one of SOPS in case only': [
      application([formation('a', secrets({ variables: ['Sops_Age_Key'], sops: ['a.yaml'] }))]),
      'workflow-variable-ambiguous',
    ],
    'environments that differ in case only': [
      application([formation('a', environment('live')), formation('b', environment('Live'))]),
      'workflow-environment-ambiguous',
    ],
  };
  it.each(Object.keys(CASES))('%s', name => {
    const [app, codes] = CASES[name] ?? [SHOP, ''];
    expect(codesOf(app).join()).toBe(codes);
  });

  it.each(["it's", '-live', 'x'.repeat(256)])(
    'the environment %j, which is named with its destination',
    name => {
      const problems = problemsOf(application([formation('staging', environment(name))]));
      expect(problems).toMatchObject([
        {
          code: 'workflow-environment-invalid',
          message: expect.stringMatching(
            /^the environment ".*" of "staging\/main" cannot be written into a workflow$/,
          ),
          remedy: expect.stringContaining('at most 255'),
        },
      ]);
    },
  );

  it.each(['main; true', "m'", '${{ x }}', ''])('a branch named %j', branch => {
    expect(codesOf(SHOP, { branch })).toEqual(['workflow-setting-invalid']);
  });

  it('exact records where some destinations have no environment, or on Enterprise Server', () => {
    const some = application([formation('a'), formation('b', { waves: [[{ name: 'main' }]] })]);
    expect(codesOf(some, { deployments: 'exact' })).toEqual(['workflow-environment-missing']);
    expect(codesOf(some)).toEqual([]);
    const none = application([formation('b', { waves: [[{ name: 'main' }]] })]);
    expect(codesOf(none, { deployments: 'exact' })).toEqual([]);
    expect(codesOf(SHOP, { deployments: 'exact', target: 'ghes' })).toEqual(['workflow-setting-invalid']);
  });

  it('takes two destinations in one environment', () => {
    expect(
      codesOf(application([formation('a', environment('live')), formation('b', environment('live'))])),
    ).toEqual([]);
  });
});
