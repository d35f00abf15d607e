import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkFormat, type Diagnosis, diagnosisSchema } from '@slipway/core';
import { DEPLOYER_RULES, STEPS_RULES } from '@slipway/kubernetes';
import { parseRepository } from '../src/outside/github-repository.ts';
import { runProgram } from '../src/run-program.ts';
import { noteKey } from '../src/setup/token-note.ts';
import { machineIn } from './support/machine.ts';
import { kubeconfigView, programs } from './support/programs.ts';

type Replies = Parameters<typeof programs>[0];

const NOW = new Date('2026-11-20T00:00:00Z');
const ACME = parseRepository('acme/hello', { environment: {} });
const noted = (expires: string, environment?: string, made = '2026-11-01T00:00:00Z'): string =>
  JSON.stringify({
    metadata: {
      annotations: {
        [noteKey({ repository: ACME, environment } as never)]: `${made} ${expires} acme/hello ${environment}`,
      },
    },
  });
/** As nearly every cluster answers, whose nodes have an authorizer of their own. */
const rules = (resourceRules: object[]): string => JSON.stringify({ resourceRules, incomplete: true });
const names = (key: string, ...list: string[]): string =>
  JSON.stringify({ total_count: list.length, [key]: list.map(name => ({ name })) });
const refused = (stderr: string): Replies[number][1] => ({ exitCode: 1, stderr });
const POLICY = { protected_branches: false, custom_branch_policies: true };

/** A machine, a cluster and a repository on GitHub that lack nothing. */
const WHOLE: Replies = [
  [/^git .*--get remote\.origin\.url$/, 'git@github.com:acme/hello.git'],
  [/^git --version/, 'git version 2.39.5'],
  [/^kubectl version/, '{"clientVersion": {"gitVersion": "v1.32.4"}}'],
  [/^gh --version/, 'gh version 2.23.0 (2023-02-27)'],
  [/^sops --version/, 'sops 3.13.3'],
  [/^kubectl config view -o json$/, kubeconfigView({ staging: 'https://k8s.acme.example' })],
  [/get --raw=\/version$/, '{}'],
  [/get namespace hello/, 'namespace/hello'],
  [/get serviceaccount slipway-deployer/, noted('2026-12-31T00:00:00Z', 'staging')],
  [/get serviceaccount slipway-viewer/, noted('2026-12-31T00:00:00Z')],
  [/get serviceaccount slipway-planner/, { exitCode: 1, stderr: 'Error from server (NotFound): no' }],
  [
    /jsonpath=\{\.status\} --as=system:serviceaccount:hello:slipway-deployer$/,
    rules([...DEPLOYER_RULES, ...STEPS_RULES]),
  ],
  [/^gh api .* user --jq/, 'ada'],
  [/repos\/acme\/hello$/, '{}'],
  [/deployment-branch-policies/, names('branch_policies', 'main')],
  [/environments\/staging\/secrets/, names('secrets', 'KUBECONFIG')],
  [/actions\/organization-secrets/, names('secrets')],
  [/actions\/secrets\/VIEWER_KUBECONFIG$/, '{"updated_at": "2026-11-01T00:00:05Z"}'],
  [/actions\/secrets/, names('secrets', 'VIEWER_KUBECONFIG')],
  [/actions\/workflows\/progress\.yml$/, '{"state": "active"}'],
  [/environments\/staging$/, JSON.stringify({ deployment_branch_policy: POLICY })],
];

const RELEASE = `on: push
permissions: {}
jobs:
  release:
    runs-on: ubuntu-latest
    permissions: { contents: read, packages: write }
    environment: staging
    steps:
      - uses: actions/checkout@v5
      - uses: slipway-dev/slipway/actions/deploy@v1
        with: { manifests: rendered, kubeconfig: "\${{ secrets.KUBECONFIG }}", token: "\${{ secrets.GITHUB_TOKEN }}" }
`;

const FILES = {
  'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: { name: hello }
spec: { registry: ghcr.io/acme/hello, services: { web: { image: "docker.io/library/busybox:1.37" } } }
`,
  'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: staging }
spec: { destinations: { main: { namespace: hello, environment: staging } } }
`,
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.github/CODEOWNERS': '* @acme/operators\n',
  '.github/workflows/own.yml': RELEASE,
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function doctor(
  {
    replies = [],
    files = {},
    written = [],
    removed = [],
  }: {
    readonly replies?: Replies;
    readonly files?: Readonly<Record<string, string>>;
    /** Flags by which the workflows were written. */
    readonly written?: readonly string[];
    /** Files that are gone by then. */
    readonly removed?: readonly string[];
  },
  args: readonly string[] = ['--json'],
) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-doctor-'));
  folders.push(folder);
  for (const [path, text] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const [printed, complaints]: [string[], string[]] = [[], []];
  const machine = { ...machineIn(folder, { printed, complaints }), clock: () => NOW };
  await runProgram(['workflows', ...written], machine);
  for (const path of removed) rmSync(join(folder, path));
  printed.length = 0;
  const exec = programs([...replies, ...WHOLE]);
  const exitCode = await runProgram(['doctor', ...args], { ...machine, exec });
  return { exitCode, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

async function checksOf(situation: Parameters<typeof doctor>[0]) {
  const { exitCode, printed } = await doctor(situation);
  return { exitCode, checks: (JSON.parse(printed) as Diagnosis).checks };
}

describe('slipway doctor', () => {
  it('finds nothing missing where nothing is, and answers by its schema', async () => {
    const { exitCode, printed } = await doctor({});
    const value = JSON.parse(printed) as Diagnosis;
    const positionOf = () => ({ path: 'diagnosis.json', line: 1, column: 1 });
    const document = { path: 'diagnosis.json', value, positionOf, keyPositionOf: positionOf };
    expect(checkFormat<Diagnosis>(diagnosisSchema, document as never)).toBe(value);
    expect(value.checks.filter(({ state }) => state !== 'fine')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(new Set(value.checks.map(({ area }) => area)).size).toBe(5);
  });

  it('writes what it looked at by area, and the command that fixes it', async () => {
    const { exitCode, printed } = await doctor(
      { replies: [[/get namespace/, refused('Error (NotFound)')]] },
      [],
    );
    expect(exitCode).toBe(1);
    expect(printed).toMatch(
      /^Clusters\n {2}missing {4}Namespace hello .*\n +fix: slipway setup staging --apply --yes$/m,
    );
    expect(printed).toMatch(
      /1 thing missing, 0 not known; next: each command behind "fix:", then this one again$/,
    );
  });

  it('advises what no release needs, and says what is next', async () => {
    const replies: Replies = [
      [/actions\/secrets\/VIEWER_KUBECONFIG$/, refused('gh: Not Found (HTTP 404)')],
      [/actions\/secrets/, names('secrets')],
    ];
    const { exitCode, printed } = await doctor({ replies }, []);
    expect(exitCode).toBe(0);
    expect(printed).toMatch(
      /^ {2}advice {5}secret VIEWER_KUBECONFIG .*\n +fix: slipway setup staging --for status/m,
    );
    expect(printed).toMatch(
      /0 things missing, 0 not known; next: commit and push, which starts the workflow Release$/,
    );
  });

  const calling = (job: string): string =>
    `on: push\njobs:\n  call:\n    ${job.split('\n').join('\n    ')}\n`;

  const missing: Readonly<Record<string, readonly [Parameters<typeof doctor>[0], string, string]>> = {
    'an old program': [
      { replies: [[/^kubectl version/, '{"gitVersion": "v1.20.0"}']] },
      'kubectl: 1.20 is older than 1.24',
      'install kubectl',
    ],
    'a login of gh': [
      { replies: [[/^gh api .* user/, refused('To get started, please run: gh auth login')]] },
      'login of gh to github.com',
      'gh auth login --hostname github.com',
    ],
    'a workflow that is out of date': [
      { files: { '.github/workflows/release.yml': 'on: push\njobs: {}\n' } },
      '.github/workflows/release.yml',
      'slipway workflows',
    ],
    'something that slipway.yaml needs': [
      { files: { 'slipway.yaml': FILES['slipway.yaml'].replace('registry', 'regisrty') } },
      'slipway.yaml',
      'did you mean "registry"?',
    ],
    'a right': [
      {
        replies: [
          [/status\} --as=/, rules([...DEPLOYER_RULES.slice(0, -1)])],
          [/allowed.* --as=/, 'false\n'],
        ],
      },
      'rights in hello (context staging): system:serviceaccount:hello:slipway-deployer may not get namespaces',
      'slipway setup staging --apply --yes',
    ],
    'an account and a binding': [
      {
        replies: [
          [/get serviceaccount/, refused('Error from server (NotFound): no')],
          [/get rolebinding/, refused('Error from server (NotFound): no')],
        ],
      },
      'neither a ServiceAccount nor a RoleBinding',
      'slipway setup staging --apply --yes',
    ],
    'a token that lasts': [
      { replies: [[/get serviceaccount slipway-deployer/, noted('2026-11-25T00:00:00Z', 'staging')]] },
      'it expires on 2026-11-25 00:00 UTC',
      'slipway setup staging --renew --yes',
    ],
    'a token that is good': [
      { replies: [[/get serviceaccount slipway-deployer/, noted('2026-11-10T00:00:00Z', 'staging')]] },
      'it expired on 2026-11-10 00:00 UTC',
      'slipway setup staging --renew --yes',
    ],
    'an environment': [
      { replies: [[/environments\/staging$/, refused('gh: Not Found (HTTP 404)')]] },
      'environment staging: acme/hello has no such environment',
      'slipway setup staging --apply --yes',
    ],
    'a branch rule': [
      { replies: [[/environments\/staging$/, '{"deployment_branch_policy": null}']] },
      'every branch may deploy to it',
      'slipway setup staging --apply --yes',
    ],
    'the branch that the workflows release': [
      { written: ['--branch', 'trunk'] },
      'environment staging: it admits main, and the workflows release trunk, whose deployments GitHub refuses',
      'slipway setup staging --apply --yes',
    ],
    'the kubeconfig': [
      { replies: [[/environments\/staging\/secrets/, names('secrets')]] },
      'secret KUBECONFIG in the environment staging',
      'slipway setup staging --apply --yes',
    ],
    'a secret': [
      { files: { '.github/workflows/own.yml': RELEASE.replace('GITHUB_TOKEN', 'DEPLOY_KEY') } },
      'secret DEPLOY_KEY in the environment staging',
      'gh secret set DEPLOY_KEY --repo github.com/acme/hello --env staging',
    ],
    'a secret that a called workflow gets empty': [
      {
        files: {
          '.github/workflows/own.yml': calling(
            'uses: slipway-dev/slipway/.github/workflows/pipeline.yml@v1\nsecrets: { kubeconfig: "${{ secrets.KUBECONFIG }}" }',
          ),
        },
      },
      'which a job that calls a workflow is not in, so it arrives empty',
      'slipway workflows',
    ],
    'secrets that another owner does not inherit': [
      {
        files: {
          '.github/workflows/own.yml': calling(
            'uses: slipway-dev/slipway/.github/workflows/pipeline.yml@v1\nsecrets: inherit',
          ),
        },
      },
      'only workflows of the same organisation or enterprise inherit secrets',
      'pass each secret on by its name',
    ],
    'a permission': [
      { files: { '.github/workflows/own.yml': RELEASE.replace('contents: read, ', '') } },
      'permissions of .github/workflows/own.yml, job release: its steps need contents: read',
      'add "contents: read"',
    ],
    'the permission of a login': [
      { files: { '.github/workflows/own.yml': RELEASE.replace('actions/checkout@v5', 'azure/login@v2') } },
      'its steps need id-token: write',
      'add "id-token: write"',
    ],
    'a remote': [
      { replies: [[/--get remote/, refused('')]] },
      'repository on GitHub',
      'git remote add origin',
    ],
    'a remote on GitHub': [
      { replies: [[/--get remote/, '/srv/git/hello.git']] },
      'repository on GitHub',
      'git remote set-url origin',
    ],
  };

  it.each(Object.entries(missing))('says that this is missing, and what fixes it: %s', async (_name, row) => {
    const [situation, what, fix] = row;
    const { exitCode, checks } = await checksOf(situation);
    const found = checks.filter(({ state }) => state === 'missing');
    expect(found.map(check => `${check.what}: ${check.detail}`).join('\n')).toContain(what);
    expect(found.map(check => check.fix).join('\n')).toContain(fix);
    expect(exitCode).toBe(1);
  });

  const unknown: Readonly<Record<string, readonly [Replies, string]>> = {
    'a namespace that it may not look at': [
      [[/get namespace/, refused('Error (Forbidden): no')]],
      'Namespace hello',
    ],
    'rights that it may not ask for': [
      [[/--as=/, refused('Error (Forbidden): cannot impersonate')]],
      'rights in hello',
    ],
    'rights that the cluster does not list': [
      [
        [/status\} --as=/, rules([])],
        [/allowed.* --as=/, refused('Unable to connect to the server: i/o timeout')],
      ],
      'rights in hello',
    ],
    'a token without a note': [
      [[/get serviceaccount slipway-deployer/, '{}']],
      'token of hello/slipway-deployer',
    ],
    'a cluster that does not answer': [
      [[/--context=staging/, refused('Unable to connect to the server: i/o timeout')]],
      'cluster https://k8s.acme.example (context staging)',
    ],
    'whether another host is that of an Enterprise Server': [
      [
        [/--get remote/, 'git@gitlab.com:acme/hello.git'],
        [/^gh api .* user/, refused('gh: Not Found (HTTP 404)')],
      ],
      'repository on GitHub',
    ],
    'an environment that it may not look at': [
      [[/environments\/staging$/, refused('gh: Forbidden (HTTP 403)')]],
      'environment staging',
    ],
    'a repository that GitHub does not show it': [
      [[/repos\/acme\/hello/, refused('gh: Not Found (HTTP 404)')]],
      'environments and secrets of acme/hello',
    ],
    'secrets that it may not list': [
      [[/\/secrets\?/, refused('gh: Forbidden (HTTP 403)')]],
      'secret KUBECONFIG in the environment staging',
    ],
  };

  it.each(Object.entries(unknown))('calls not known, and never fine: %s', async (_name, [replies, what]) => {
    const { exitCode, checks } = await checksOf({ replies });
    const found = checks.filter(check => check.what.startsWith(what));
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect([exitCode, checks.filter(({ state }) => state === 'missing')]).toEqual([0, []]);
  });

  it('takes a pattern for the branch that the workflows release, and what it cannot read as not known', async () => {
    const stateWith = async (pattern: string): Promise<string | undefined> => {
      const replies: Replies = [[/deployment-branch-policies/, names('branch_policies', pattern)]];
      const { checks } = await checksOf({ replies, written: ['--branch', 'release/1.2'] });
      return checks.find(({ what }) => what === 'environment staging')?.state;
    };
    expect(await stateWith('release/*')).toBe('fine');
    expect(await stateWith('*')).toBe('missing');
    expect(await stateWith('release/[0-9].*')).toBe('unknown');
  });

  const PROTECTED = JSON.stringify({
    deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
  });
  const rule = (stderr: string): Replies[number] => [/branches\/main\/protection$/, refused(stderr)];
  it.each<[state: string, detail: string, situation: Parameters<typeof doctor>[0]]>([
    ['fine', 'protected branches, of which main is one', {}],
    [
      'missing',
      'main, which the workflows release, is not one, so that GitHub refuses its deployments',
      { replies: [[/branches\/main$/, '{"protected": false}']] },
    ],
    [
      'missing',
      'no branch is protected, in which case GitHub lets every branch deploy to it and read its secrets',
      { replies: [[/branches\?protected=true/, '[]']] },
    ],
    [
      'unknown',
      'only a ruleset protects it, which may not count',
      { replies: [rule('gh: Branch not protected (HTTP 404)')] },
    ],
    ['unknown', 'whether main is one is not known', { replies: [rule('gh: Not Found (HTTP 404)')] }],
    [
      'unknown',
      'whether main is one is not known: gh: Branch not found (HTTP 404)',
      { replies: [[/branches\/main$/, refused('gh: Branch not found (HTTP 404)')]] },
    ],
    [
      'unknown',
      'whether main is one is not known: gh: Forbidden (HTTP 403)',
      { replies: [[/branches\?protected/, refused('gh: Forbidden (HTTP 403)')]] },
    ],
    [
      'missing',
      'release/1.2, which the workflows release, is not one',
      { written: ['--branch', 'release/1.2'], replies: [[/branches\/release%2F1\.2$/, '{}']] },
    ],
  ])('calls %s that an environment admits protected branches: %s', async (state, detail, situation) => {
    const replies: Replies = [
      ...(situation.replies ?? []),
      [/environments\/staging$/, PROTECTED],
      [/branches\?protected=true&per_page=1$/, '[{"name": "main"}]'],
      [/branches\/main$/, '{"name": "main", "protected": true}'],
      [/branches\/main\/protection$/, '{"enforce_admins": {"enabled": true}}'],
    ];
    const { checks } = await checksOf({ ...situation, replies });
    const found = checks.find(({ what }) => what === 'environment staging');
    expect(found).toMatchObject({ state, detail: expect.stringContaining(detail) });
    expect(found?.fix === undefined).toBe(state !== 'missing');
  });

  it('knows files whose names begin with that of the application', async () => {
    const { checks } = await checksOf({ written: ['--prefix'] });
    expect(checks.filter(({ state }) => state !== 'fine')).toEqual([]);
  });

  it('names the application in each command that writes its workflows', async () => {
    const { 'slipway.yaml': application, 'formations/staging.yaml': formation } = FILES;
    const call = 'uses: slipway-dev/slipway/.github/workflows/pipeline.yml@v1';
    const { printed } = await doctor(
      {
        files: {
          'deploy/slipway.yaml': application,
          'deploy/formations/staging.yaml': formation,
          '.github/workflows/own.yml': `${calling(`${call}\nsecrets: { kubeconfig: "\${{ secrets.KUBECONFIG }}" }`)}`,
          '.github/workflows/other.yml': calling(`${call}\nsecrets: inherit`),
        },
      },
      ['--json', '--application', 'deploy/slipway.yaml'],
    );
    const fixes = (JSON.parse(printed) as Diagnosis).checks.flatMap(({ fix = '' }) =>
      fix.includes('slipway workflows') ? [fix] : [],
    );
    expect(fixes.length).toBeGreaterThan(2);
    expect(fixes.filter(fix => !fix.includes('slipway workflows --application deploy/slipway.yaml'))).toEqual(
      [],
    );
  });

  it('names commands that look where it looked', async () => {
    const { 'slipway.yaml': application, 'formations/staging.yaml': formation } = FILES;
    const { printed } = await doctor(
      {
        files: { 'deploy/slipway.yaml': application, 'deploy/formations/staging.yaml': formation },
        replies: [
          [/config view/, kubeconfigView({ kind: 'https://k8s.acme.example' })],
          [/get namespace/, refused('Error from server (NotFound): no')],
        ],
      },
      ['--json', '--application', 'deploy/slipway.yaml', '--context', 'main=kind', '--repo', 'acme/hello'],
    );
    const missing = (JSON.parse(printed) as Diagnosis).checks.filter(({ state }) => state === 'missing');
    expect(new Set(missing.map(({ fix }) => fix))).toEqual(
      new Set([
        'slipway setup staging --application deploy/slipway.yaml --context main=kind --repo acme/hello --apply --yes',
        'slipway workflows --application deploy/slipway.yaml, with the flags that you use',
      ]),
    );
  });

  it.each([
    ['without a remote', { replies: [[/--get remote/, refused('')]] satisfies Replies }],
    ['without a readable slipway.yaml', { files: { 'slipway.yaml': 'kind: Application\n' } }],
  ])('does not know what it could not look at: %s', async (_name, situation) => {
    const { checks } = await checksOf(situation);
    const open = checks.filter(({ state }) => state === 'unknown');
    expect(open.map(({ area }) => area)).toEqual(['cluster', 'github']);
  });

  it('names the program that writes slipway.yaml where there is none', async () => {
    const found = async (args: string[]) => {
      const { printed } = await doctor({ removed: ['slipway.yaml'] }, ['--json', ...args]);
      const { checks } = JSON.parse(printed) as Diagnosis;
      return checks.filter(({ area, state }) => area === 'repository' && state === 'missing');
    };
    const fix = 'slipway init, which writes it; or name its path with --application';
    expect(await found([])).toMatchObject([{ what: 'slipway.yaml', fix }]);
    expect(await found(['--application', 'deploy/slipway.yaml'])).toMatchObject([
      { what: 'deploy/slipway.yaml', fix },
    ]);
  });

  it('keeps the version that the workflows have in the command that writes them again', async () => {
    const { checks } = await checksOf({
      written: ['--version', 'v1.2.3'],
      removed: ['.github/workflows/release.yml'],
    });
    expect(checks.find(({ what }) => what === '.github/workflows/release.yml')?.fix).toBe(
      'slipway workflows --version v1.2.3, with the flags that you use',
    );
  });

  it('refuses a formation that does not exist', async () => {
    const { exitCode, complaints } = await doctor({}, ['stagin']);
    expect([exitCode, complaints]).toEqual([2, expect.stringContaining('did you mean "staging"?')]);
  });
});

describe('the tokens of kubeconfigs that only read', () => {
  const VIEWER = 'token of hello/slipway-viewer (context staging)';
  const RENEW = 'slipway setup staging --for status --renew --yes';
  const none = refused('Error from server (NotFound): no');
  const tokens = async (replies: Replies, files: Readonly<Record<string, string>> = {}, args?: string[]) => {
    const { exitCode, printed } = await doctor({ replies, files }, args);
    const found = (JSON.parse(printed) as Diagnosis).checks.filter(({ what }) =>
      /^token of (?!hello\/slipway-deployer)/.test(what),
    );
    return { exitCode, found: found.map(({ area: _area, ...check }) => check) };
  };

  it('of the schedule are fine until they expire', async () => {
    const detail = 'until 2026-12-31 00:00 UTC';
    expect(await tokens([])).toEqual({ exitCode: 0, found: [{ what: VIEWER, state: 'fine', detail }] });
  });

  it.each([
    ['2026-11-10T00:00:00Z', 'it expired on 2026-11-10 00:00 UTC'],
    ['2026-11-25T00:00:00Z', 'it expires on 2026-11-25 00:00 UTC'],
  ])('of the schedule that end at %s are to be renewed, and no release needs it', async (end, said) => {
    const { exitCode, found } = await tokens([[/get serviceaccount slipway-viewer/, noted(end)]]);
    const detail = `${said}; releases do without it`;
    expect(found).toEqual([{ what: VIEWER, state: 'advice', detail, fix: RENEW }]);
    expect(exitCode).toBe(0);
  });

  it.each<[string, Replies, object]>([
    [
      'no note of it',
      [[/get serviceaccount slipway-viewer/, '{}']],
      { what: VIEWER, detail: 'when it expires is not noted', fix: RENEW },
    ],
    [
      'no account that has a note',
      [[/get serviceaccount slipway-viewer/, none]],
      {
        what: 'token of VIEWER_KUBECONFIG (context staging)',
        detail: 'there is no account slipway-viewer in hello that says when it expires',
        fix: RENEW,
      },
    ],
    [
      'an account that may not be looked at',
      [[/get serviceaccount slipway-viewer/, refused('Error from server (Forbidden): no')]],
      {
        what: 'token of VIEWER_KUBECONFIG (context staging)',
        detail: 'Error from server (Forbidden): no',
      },
    ],
    [
      'a secret that was changed since',
      [[/secrets\/VIEWER_KUBECONFIG$/, '{"updated_at": "2026-11-09T08:00:00Z"}']],
      {
        what: VIEWER,
        detail:
          'the secret VIEWER_KUBECONFIG was changed on 2026-11-09 08:00 UTC, after this token was made, so what it contains is not known',
        fix: RENEW,
      },
    ],
  ])('are not known with %s', async (_name, replies, check) => {
    expect(await tokens(replies)).toEqual({ exitCode: 0, found: [{ state: 'unknown', ...check }] });
  });

  it('are not looked for where there is no secret', async () => {
    const gone: Replies = [
      [/secrets\/VIEWER_KUBECONFIG$/, refused('gh: Not Found (HTTP 404)')],
      [/get serviceaccount slipway-viewer/, noted('2026-11-10T00:00:00Z')],
    ];
    expect((await tokens(gone)).found).toEqual([]);
  });

  it('say their end by their note where the secret may not be looked at', async () => {
    const replies: Replies = [[/secrets\/VIEWER_KUBECONFIG$/, refused('gh: Forbidden (HTTP 403)')]];
    expect((await tokens(replies)).found).toMatchObject([{ what: VIEWER, state: 'fine' }]);
  });

  const production = FILES['formations/staging.yaml']
    .replace('name: staging', 'name: production')
    .replaceAll(/hello|environment: staging/g, found =>
      found === 'hello' ? 'live' : 'environment: production',
    );

  it('may be of an account in the namespace of another formation', async () => {
    const replies: Replies = [
      [/get serviceaccount slipway-viewer --namespace=hello/, none],
      [/get serviceaccount slipway-viewer/, noted('2026-12-31T00:00:00Z')],
      [/environments\/production\/secrets/, names('secrets', 'KUBECONFIG')],
      [/environments\/production$/, JSON.stringify({ deployment_branch_policy: POLICY })],
      [/namespace(?:=| )live/, none],
    ];
    const files = { 'formations/production.yaml': production };
    expect((await tokens(replies, files, ['staging', '--json'])).found).toEqual([
      {
        what: 'token of VIEWER_KUBECONFIG (context staging)',
        state: 'unknown',
        detail: 'there is no account slipway-viewer in hello, and other formations may have it',
        fix: 'slipway doctor',
      },
    ]);
    expect((await tokens(replies, files)).found).toMatchObject([
      { what: 'token of live/slipway-viewer (context staging)', state: 'fine' },
    ]);
  });

  const PLANS: Replies = [
    [/get serviceaccount slipway-planner/, noted('2026-11-10T00:00:00Z', 'staging-plan')],
    [/environments\/staging-plan\/secrets\/PLANNER_KUBECONFIG$/, '{"updated_at": "2026-11-01T00:00:05Z"}'],
    [/environments\/staging-plan\/secrets/, names('secrets', 'PLANNER_KUBECONFIG')],
  ];

  it.each([
    ['missing', 'it expired on 2026-11-10 00:00 UTC', true],
    ['advice', 'it expired on 2026-11-10 00:00 UTC; releases do without it', false],
  ])('of plans are %s once they have expired', async (state, detail, isUsed) => {
    const workflow = RELEASE.replace('environment: staging', 'environment: staging-plan').replace(
      'secrets.KUBECONFIG',
      'secrets.PLANNER_KUBECONFIG',
    );
    const files = isUsed ? { '.github/workflows/plan.yml': workflow } : {};
    const { exitCode, found } = await tokens(PLANS, files);
    expect(found.filter(({ what }) => what.includes('planner'))).toEqual([
      {
        ...{ what: 'token of hello/slipway-planner (context staging)', state, detail },
        fix: 'slipway setup staging --for plan --renew --yes',
      },
    ]);
    expect(exitCode).toBe(isUsed ? 1 : 0);
  });
});

describe('the environments of decisions', () => {
  const files = {
    'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: staging }
spec:
  destinations: { main: { namespace: hello, environment: staging } }
  strategy: { steps: [{ weight: 0, pause: qa }, { weight: 100 }] }
`,
  };
  const environment = (...types: string[]): string =>
    JSON.stringify({ deployment_branch_policy: POLICY, protection_rules: types.map(type => ({ type })) });
  const found = async (decide: Replies[number][1], home: Replies[number][1]) => {
    const replies: Replies = [
      [/environments\/staging-decide$/, decide],
      [/environments\/staging-home$/, home],
      [/environments\/staging-(?:decide|home)\/secrets/, names('secrets', 'KUBECONFIG')],
    ];
    const { checks } = await checksOf({ files, replies });
    return checks
      .filter(({ what }) => /^environment staging-/.test(what))
      .map(({ what, state, detail = '' }) => `${what}: ${state} ${detail}`.trim());
  };

  it('are fine if one asks and the other does not', async () => {
    expect(
      await found(environment('required_reviewers', 'branch_policy'), environment('branch_policy')),
    ).toEqual(['environment staging-decide: fine main', 'environment staging-home: fine main']);
  });

  it('are open to every branch without a rule, though they have the secret', async () => {
    const open = JSON.stringify({ protection_rules: [{ type: 'required_reviewers' }] });
    expect(await found(open, '{}')).toEqual([
      'environment staging-decide: missing every branch may deploy to it and read its secrets',
      'environment staging-home: missing every branch may deploy to it and read its secrets',
    ]);
  });

  it('are refused if no one is asked for a decision, or someone or a timer for the way back', async () => {
    expect(
      await found(environment('branch_policy'), environment('required_reviewers', 'wait_timer')),
    ).toEqual([
      'environment staging-decide: missing it has no required reviewers, so that its job continues a release without anyone',
      'environment staging-home: missing it has required reviewers and a timer, so that what takes a release back would wait',
    ]);
  });

  it('are missing if GitHub would make them, without reviewers, when a job names them', async () => {
    const none = refused('gh: Not Found (HTTP 404)');
    expect(await found(none, none)).toEqual([
      expect.stringMatching(/^environment staging-decide: missing acme\/hello has no such environment/),
      expect.stringMatching(/^environment staging-home: missing /),
    ]);
  });
});

describe('the environment of what looks at releases in steps', () => {
  const files = {
    'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: staging }
spec:
  destinations: { main: { namespace: hello, environment: staging } }
  strategy: { steps: [{ weight: 50, bake: 5m }] }
`,
  };

  it('has the secret of progress.yml, and is missing with it although no release waits for a decision', async () => {
    const replies: Replies = [[/environments\/staging-home/, refused('gh: Not Found (HTTP 404)')]];
    const { exitCode, checks } = await checksOf({ files, replies });
    const found = checks.filter(({ state }) => state === 'missing');
    expect([exitCode, found.map(({ what }) => what)]).toEqual([
      1,
      [
        'environment staging-home',
        'secret KUBECONFIG in the environment staging-home (.github/workflows/progress.yml, job progress)',
      ],
    ]);
    expect(new Set(found.map(({ fix }) => fix))).toEqual(new Set(['slipway setup staging --apply --yes']));
  });

  const rightsWith = async (replies: Replies) => {
    const home: Replies[number] = [/environments\/staging-home/, refused('gh: Not Found (HTTP 404)')];
    const { checks } = await checksOf({ files, replies: [...replies, home] });
    const own = checks.filter(({ what }) => what.startsWith('rights in '));
    return own.map(({ state, detail, fix }) => [state, detail, fix]);
  };
  const denied = STEPS_RULES.flatMap(({ verbs }) => verbs).map(() => 'false\n');

  it('lacks the rights of steps where the account has only those of other releases', async () => {
    const replies: Replies = [
      [/status\} --as=/, rules([...DEPLOYER_RULES])],
      [/allowed.* --as=/, denied.join('')],
    ];
    expect(await rightsWith(replies)).toEqual([
      [
        'missing',
        'system:serviceaccount:hello:slipway-deployer may not list leases; get resourcequotas; list resourcequotas and 1 more',
        'slipway setup staging --apply --yes',
      ],
    ]);
  });

  const subjects = [{ kind: 'Group', name: 'deployers' }];
  const noAccount = refused('Error from server (NotFound): no');
  const byRole: Replies = [
    [/get serviceaccount/, noAccount],
    [/get role slipway-deployer/, JSON.stringify({ rules: DEPLOYER_RULES })],
    [/get rolebinding slipway-deployer/, JSON.stringify({ subjects })],
  ];

  it("lacks them in the Role of a cloud's login", async () => {
    const replies: Replies = [...byRole, [/slipway-steps/, noAccount]];
    expect(await rightsWith(replies)).toEqual([
      [
        'missing',
        'the Role does not grant list leases; get, list resourcequotas; get services/proxy',
        'slipway setup staging --apply --yes',
      ],
    ]);
  });

  it('has them by the Role of examples/roles/steps.yaml, if that is bound to the same', async () => {
    const role: Replies[number] = [/get role slipway-steps/, JSON.stringify({ rules: STEPS_RULES })];
    const bound = (name: string): Replies[number] => [
      /get rolebinding slipway-steps/,
      JSON.stringify({ subjects: [{ kind: 'Group', name }] }),
    ];
    expect((await rightsWith([...byRole, role, bound('deployers')]))[0]?.[0]).toBe('fine');
    expect((await rightsWith([...byRole, role, bound('others')]))[0]?.[0]).toBe('missing');
  });
});

describe('the schedule that releases in steps need', () => {
  const inSteps = (steps: string) => ({
    'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: staging }
spec:
  destinations: { main: { namespace: hello, environment: staging } }
  strategy: { steps: [${steps}] }
`,
  });
  const WATCHED = inSteps('{ weight: 50, bake: 5m }');
  const OUTLASTS = inSteps('{ weight: 10, bake: 2h }');
  const environment = (...types: string[]): string =>
    JSON.stringify({ deployment_branch_policy: POLICY, protection_rules: types.map(type => ({ type })) });
  const state = (text: string): Replies[number] => [
    /actions\/workflows\/progress\.yml$/,
    JSON.stringify({ state: text }),
  ];
  const BESIDE: Replies = [
    [/environments\/staging-home$/, environment('branch_policy')],
    [/environments\/staging-home\/secrets/, names('secrets', 'KUBECONFIG')],
  ];
  /** Takes the schedule, or the whole file, away from what the command has written. */
  const NO_SCHEDULE = 'on: workflow_dispatch\njobs: {}\n';
  const found = async (files: Readonly<Record<string, string>>, replies: Replies = [state('active')]) => {
    const { exitCode, checks } = await checksOf({ files, replies: [...replies, ...BESIDE] });
    const own = checks.filter(({ what }) => what.startsWith('schedule '));
    return {
      exitCode,
      own: own.map(check => `${check.state} ${check.what}: ${check.detail ?? ''}`),
      checks: own,
    };
  };

  it('is fine where progress.yml is written, and GitHub has it', async () => {
    expect(await found(OUTLASTS)).toMatchObject({
      exitCode: 0,
      own: [
        'fine schedule for releases in steps: .github/workflows/progress.yml',
        'fine schedule of .github/workflows/progress.yml: ',
      ],
    });
  });

  it('is missing where progress.yml has none and releases wait for time, which deploy refuses', async () => {
    const { exitCode, own, checks } = await found({
      ...OUTLASTS,
      '.github/workflows/progress.yml': NO_SCHEDULE,
    });
    expect([exitCode, own]).toEqual([
      1,
      [
        'missing schedule for releases in steps: no workflow has a schedule and looks at open releases of staging, such as progress.yml, so that releases of staging, which wait for time, are refused',
      ],
    ]);
    expect(checks[0]?.fix).toBe('slipway workflows');
  });

  it('is advised where releases do not wait for time, as a run may be lost', async () => {
    const { own } = await found({ ...WATCHED, '.github/workflows/progress.yml': NO_SCHEDULE });
    expect(own).toEqual([
      expect.stringMatching(/^advice schedule .* what a lost run leaves open or what expires$/),
    ]);
  });

  it('is missing where GitHub has disabled it, with the command that enables it', async () => {
    const { exitCode, checks } = await found(OUTLASTS, [state('disabled_inactivity')]);
    expect([exitCode, checks[1]?.state, checks[1]?.fix]).toEqual([
      1,
      'missing',
      'gh workflow enable progress.yml --repo github.com/acme/hello',
    ]);
  });

  it('is advised to be merged where GitHub does not have it yet, and not known where GitHub does not say', async () => {
    const answering = async (stderr: string): Promise<string | undefined> =>
      (await found(OUTLASTS, [[/actions\/workflows\/progress\.yml$/, refused(stderr)]])).own[1];
    expect(await answering('gh: Not Found (HTTP 404)')).toMatch(/^advice .* on its default branch yet/);
    expect(await answering('gh: Forbidden (HTTP 403)')).toMatch(/^unknown /);
  });

  it('is not looked for without steps', async () => {
    expect((await found({})).own).toEqual([]);
  });

  it('may be in a workflow of the team, and is not that of another application', async () => {
    const look =
      'on: { schedule: [{ cron: "7 * * * *" }] }\njobs: { a: { steps: [{ uses: "slipway-dev/slipway/actions/verify-rollout@v1", with: { release: open } }] } }\n';
    const own = { ...OUTLASTS, '.github/workflows/progress.yml': NO_SCHEDULE };
    const nightly: Replies = [[/actions\/workflows\/nightly\.yml$/, '{"state": "active"}']];
    expect((await found({ ...own, '.github/workflows/nightly.yml': look }, nightly)).own[0]).toBe(
      'fine schedule for releases in steps: .github/workflows/nightly.yml',
    );
    const other = `# slipway:workflow shop 0123456789abcdef: written\n${look}`;
    expect((await found({ ...own, '.github/workflows/nightly.yml': other }, nightly)).own[0]).toMatch(
      /^missing /,
    );
  });
});

describe('slipway doctor, with a spawned formation', () => {
  const files = {
    'formations/preview.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: preview }
spec:
  name-prefix: pr-\${spawn}-
  labels: { example.com/preview: "pr-\${spawn}" }
  spawn: { form: shared, expires: 48h, at-most: 8, hosts: [preview.acme.io], registry: ghcr.io/acme/hello-preview }
  destinations: { dev: { namespace: previews } }
`,
  };
  const PULLS = 'refs/pull/*/merge';
  const admitting = (...branches: string[]): Replies => [
    [/environments\/preview\/deployment-branch-policies/, names('branch_policies', ...branches)],
    [/environments\/preview\/secrets/, names('secrets', 'KUBECONFIG')],
    [/environments\/preview$/, JSON.stringify({ deployment_branch_policy: POLICY })],
    [/fork-pr-workflows-private-repos$/, '{"send_secrets_and_variables": false}'],
    [/repos\/acme\/hello$/, '{"default_branch": "main", "private": true}'],
  ];

  it('finds nothing missing where pull requests and the default branch are admitted', async () => {
    const { exitCode, checks } = await checksOf({ files, replies: admitting(PULLS, 'main') });
    expect(checks.filter(({ state }) => state !== 'fine')).toEqual([
      {
        ...{ area: 'cluster', what: 'network policies (context staging)', state: 'unknown' },
        detail: 'whether the network enforces them is seen only by a trial with two pods',
        fix: 'slipway doctor --try-network docker.io/library/busybox:1.37 --yes',
      },
    ]);
    expect(checks).toContainEqual({
      ...{ area: 'github', what: 'environment preview', state: 'fine', detail: `${PULLS}, main` },
    });
    expect(exitCode).toBe(0);
  });

  it('looks at a formation with instances by its name, and where there are no others', async () => {
    const replies = admitting(PULLS, 'main');
    for (const [removed, args] of [
      [[], ['preview']],
      [['formations/staging.yaml'], []],
    ] as const) {
      const { printed } = await doctor({ files, replies, removed }, [...args, '--json']);
      const { checks } = JSON.parse(printed) as Diagnosis;
      expect(checks).toContainEqual({ area: 'repository', what: 'slipway.yaml', state: 'fine' });
      expect(checks.filter(({ area }) => area === 'cluster').map(({ what }) => what)).toEqual([
        'network policies (context staging)',
      ]);
    }
  });

  it('asks for no trial where instances have no fence', async () => {
    const open = files['formations/preview.yaml'].replace(
      'form: shared,',
      'form: shared, fence: none, fence-reason: "a cluster for these alone",',
    );
    const { checks } = await checksOf({
      files: { 'formations/preview.yaml': open },
      replies: admitting(PULLS, 'main'),
    });
    expect(checks.filter(({ state }) => state !== 'fine')).toEqual([]);
  });

  it('makes nothing for a trial that is not confirmed, and is not content', async () => {
    const { exitCode, printed } = await doctor({ files, replies: admitting(PULLS, 'main') }, [
      ...['preview', '--json', '--try-network', 'alpine:3.22', '--context', 'staging'],
    ]);
    const { checks } = JSON.parse(printed) as Diagnosis;
    expect(checks.filter(({ state }) => state !== 'fine')).toMatchObject([
      {
        ...{ what: 'network policies (context staging)', state: 'unknown' },
        detail:
          'not tried: it makes a namespace with two pods in the cluster https://k8s.acme.example (context staging); confirm it',
        fix: 'slipway doctor preview --context staging --try-network alpine:3.22 --yes',
      },
    ]);
    expect(exitCode).toBe(1);
  });

  it('has no good answer to a trial in a cluster that is not reached', async () => {
    const { exitCode, printed } = await doctor(
      { files, replies: [[/get --raw=\/version$/, refused('i/o timeout')], ...admitting(PULLS, 'main')] },
      ['preview', '--json', '--try-network', 'alpine:3.22', '--yes'],
    );
    expect((JSON.parse(printed) as Diagnosis).checks).toContainEqual({
      ...{ area: 'cluster', what: 'network policies (preview/dev)', state: 'unknown' },
      detail: 'its cluster was not reached',
    });
    expect(exitCode).toBe(1);
  });

  it.each<[string, Replies, string]>([
    [
      'no environment',
      [[/environments\/preview$/, refused('gh: Not Found (HTTP 404)')]],
      'has no such environment',
    ],
    ['no pull request', admitting('main'), 'does not admit refs/pull/*/merge'],
    ['no default branch', admitting(PULLS, 'develop'), 'does not admit the default branch'],
    [
      'protected branches only',
      [[/environments\/preview$/, '{"deployment_branch_policy": {"protected_branches": true}}']],
      'admits protected branches only',
    ],
    [
      'reviewers',
      [[/environments\/preview$/, '{"protection_rules": [{"type": "required_reviewers"}]}']],
      'for which each push and each sweep would wait',
    ],
    [
      'secrets for forks',
      [[/fork-pr-workflows-private-repos$/, '{"send_secrets_and_variables": true}']],
      'GitHub gives workflows of forks the secrets',
    ],
  ])('names what is wrong with %s', async (_title, replies, sentence) => {
    const { exitCode, checks } = await checksOf({
      files,
      replies: [...replies, ...admitting(PULLS, 'main')],
    });
    const wrong = checks.filter(({ state, detail = '' }) => state === 'missing' && detail.includes(sentence));
    expect([wrong.length, exitCode]).toEqual([1, 1]);
  });

  describe('whose instances have namespaces of their own', () => {
    const own = {
      'formations/preview.yaml': files['formations/preview.yaml']
        .replace(/ {2}name-prefix: .*\n {2}labels: .*\n/, '')
        .replace('form: shared', 'form: create, tenant: tenant')
        .replace('namespace: previews', 'namespace: "hello-pr-${spawn}"'),
    };
    const roomAdmitting = (...branches: string[]): Replies => [
      [/environments\/preview-room\/deployment-branch-policies/, names('branch_policies', ...branches)],
      [/environments\/preview-room\/secrets/, names('secrets', 'KUBECONFIG')],
      [/environments\/preview-room$/, JSON.stringify({ deployment_branch_policy: POLICY })],
    ];

    it('finds nothing missing where the room keeper admits the default branch only', async () => {
      const replies = [...roomAdmitting('main'), ...admitting(PULLS)];
      const { exitCode, checks } = await checksOf({ files: own, replies });
      expect(checks.filter(({ state }) => state !== 'fine').map(({ what }) => what)).toEqual([
        'network policies (context staging)',
      ]);
      expect(exitCode).toBe(0);
    });

    it.each<[string, Replies, string]>([
      ['pull requests', roomAdmitting('main', PULLS), 'so that a workflow from there could make namespaces'],
      ['no branch', roomAdmitting(), 'it admits no branch'],
      [
        'every branch',
        [[/environments\/preview-room$/, '{}'], ...roomAdmitting('main')],
        'every branch may use it, so that',
      ],
      [
        'nothing, as it is not there',
        [[/environments\/preview-room$/, refused('gh: Not Found (HTTP 404)')], ...roomAdmitting('main')],
        'has no such environment',
      ],
    ])('names what is wrong where it admits %s', async (_title, replies, sentence) => {
      const { checks } = await checksOf({ files: own, replies: [...replies, ...admitting(PULLS)] });
      const wrong = checks.filter(
        ({ state, detail = '' }) => state === 'missing' && detail.includes(sentence),
      );
      expect(wrong.map(({ what }) => what)).toEqual(['environment preview-room']);
    });
  });

  it('does not know what GitHub does not tell', async () => {
    const replies: Replies = [[/fork-pr-workflows-private-repos$/, refused('gh: Forbidden (HTTP 403)')]];
    const { checks } = await checksOf({ files, replies: [...replies, ...admitting(PULLS, 'main')] });
    expect(checks.filter(({ state }) => state === 'unknown').map(({ what }) => what)).toEqual([
      'network policies (context staging)',
      'secrets for workflows of forks',
    ]);
  });
});
