import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkFormat, type Diagnosis, diagnosisSchema } from '@slipway/core';
import { DEPLOYER_RULES } from '@slipway/kubernetes';
import { parseRepository } from '../src/outside/github-repository.ts';
import { runProgram } from '../src/run-program.ts';
import { noteKey } from '../src/setup/token-note.ts';
import { machineIn } from './support/machine.ts';
import { kubeconfigView, programs } from './support/programs.ts';

type Replies = Parameters<typeof programs>[0];

const NOW = new Date('2026-11-20T00:00:00Z');
const HOLDER = { repository: parseRepository('acme/hello', { environment: {} }), environment: 'staging' };
const noted = (expires: string): string =>
  JSON.stringify({
    metadata: {
      annotations: { [noteKey(HOLDER as never)]: `2026-11-01T00:00:00Z ${expires} acme/hello staging` },
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
  [/get namespace hello/, 'namespace/hello'],
  [/get serviceaccount/, noted('2026-12-31T00:00:00Z')],
  [/jsonpath=\{\.status\} --as=system:serviceaccount:hello:slipway-deployer$/, rules([...DEPLOYER_RULES])],
  [/^gh api .* user --jq/, 'ada'],
  [/repos\/acme\/hello$/, '{}'],
  [/deployment-branch-policies/, names('branch_policies', 'main')],
  [/environments\/staging\/secrets/, names('secrets', 'KUBECONFIG')],
  [/actions\/organization-secrets/, names('secrets')],
  [/actions\/secrets/, names('secrets', 'VIEWER_KUBECONFIG')],
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
  }: { readonly replies?: Replies; readonly files?: Readonly<Record<string, string>> },
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
  await runProgram(['workflows'], machine);
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
    expect(printed).toMatch(/1 thing missing, 0 not known$/);
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
      { replies: [[/get serviceaccount/, noted('2026-11-25T00:00:00Z')]] },
      'it expires on 2026-11-25 00:00 UTC',
      'slipway setup staging --renew --yes',
    ],
    'a token that is good': [
      { replies: [[/get serviceaccount/, noted('2026-11-10T00:00:00Z')]] },
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
    'a token without a note': [[[/get serviceaccount/, '{}']], 'token of hello/slipway-deployer'],
    'a cluster that does not answer': [
      [[/--context=staging/, refused('Unable to connect to the server: i/o timeout')]],
      'rights in hello',
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

  it('refuses a formation that does not exist', async () => {
    const { exitCode, complaints } = await doctor({}, ['stagin']);
    expect([exitCode, complaints]).toEqual([2, expect.stringContaining('did you mean "staging"?')]);
  });
});
