import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkFormat, type Setup, setupSchema } from '@slipway/core';
import { runProgram } from '../src/run-program.ts';
import { machineIn } from './support/machine.ts';
import { type Call, kubeconfigView, programs } from './support/programs.ts';

const SERVER = 'https://k8s.acme.example';
const APPLICATION = `apiVersion: slipway.dev/v1
kind: Application
metadata: { name: hello }
spec:
  registry: ghcr.io/acme/hello
  services: { web: { image: docker.io/library/busybox:1.37 } }
`;

const formation = (name: string, destinations: object): string =>
  JSON.stringify({
    apiVersion: 'slipway.dev/v1',
    kind: 'Formation',
    metadata: { name },
    spec: { destinations },
  });

type Destinations = Readonly<Record<string, object>>;
const MAIN = { main: { namespace: 'hello', context: 'staging', environment: 'staging' } };

interface Situation {
  readonly formations?: Readonly<Record<string, Destinations>>;
  readonly remote?: string;
  readonly contexts?: Parameters<typeof kubeconfigView>[0];
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs `slipway setup` in a checkout whose remote and whose kubeconfig are as given; gh and any other kubectl would be a surprise. */
async function setup(args: readonly string[], situation: Situation = {}) {
  const { formations = { staging: MAIN }, remote = 'git@github.com:acme/hello.git' } = situation;
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-setup-'));
  folders.push(folder);
  const files = {
    'slipway.yaml': APPLICATION,
    ...Object.fromEntries(
      Object.entries(formations).map(([name, spec]) => [`formations/${name}.yaml`, formation(name, spec)]),
    ),
    '.git/HEAD': 'ref: refs/heads/main\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const calls: Call[] = [];
  const exec = programs(
    [
      [/^git .*config --get remote\.origin\.url$/, remote === '' ? { exitCode: 1, stderr: '' } : remote],
      [/^kubectl config view -o json$/, kubeconfigView(situation.contexts ?? { staging: SERVER })],
    ],
    calls,
  );
  const [printed, complaints]: [string[], string[]] = [[], []];
  const exitCode = await runProgram(['setup', ...args], {
    ...machineIn(folder, { printed, complaints }),
    exec,
  });
  return { exitCode, printed: printed.join('\n'), complaints: complaints.join('\n'), calls };
}

describe('slipway setup', () => {
  it('prints commands for the cluster and for GitHub, and asks neither', async () => {
    const { exitCode, printed, complaints, calls } = await setup(['staging']);
    expect([exitCode, complaints]).toEqual([0, '']);
    expect(printed.split('\n').filter(line => /^# /.test(line))).toEqual([
      `# writes to the cluster ${SERVER} (context staging)`,
      '# writes to the repository acme/hello on github.com',
      '# Namespace hello (context staging)',
      '# ServiceAccount hello/slipway-deployer (context staging)',
      '# Role hello/slipway-deployer (context staging)',
      '# RoleBinding hello/slipway-deployer (context staging)',
      '# environment staging (acme/hello)',
      '# environment staging: branch main (acme/hello)',
      '# secret KUBECONFIG of the environment "staging" (acme/hello)',
      '# next: the same command with --apply --yes, which runs these',
    ]);
    expect(calls.map(({ command }) => command)).toEqual(['git', 'kubectl']);
  });

  it('answers in JSON by its schema', async () => {
    const { printed } = await setup(['staging', '--json']);
    const value = JSON.parse(printed) as Setup;
    const positionOf = () => ({ path: 'setup.json', line: 1, column: 1 });
    const document = { path: 'setup.json', value, positionOf, keyPositionOf: positionOf };
    expect(checkFormat<Setup>(setupSchema, document as never)).toBe(value);
    expect(value.steps.map(({ state }) => state)).toEqual(Array(7).fill('printed'));
  });

  it('takes the account of one namespace for all that one context of a secret reaches', async () => {
    const destinations = {
      one: { namespace: 'hello', environment: 'staging' },
      two: { namespace: 'world', environment: 'staging', cluster: { server: `${SERVER}:443/` } },
    };
    const { printed } = await setup(['staging', '--json'], { formations: { staging: destinations } });
    const { steps } = JSON.parse(printed) as Setup;
    expect(steps.map(({ what }) => what).filter(what => !what.startsWith('environment'))).toEqual([
      'Namespace hello',
      'Namespace world',
      'ServiceAccount hello/slipway-deployer',
      'Role hello/slipway-deployer',
      'RoleBinding hello/slipway-deployer',
      'Role world/slipway-deployer',
      'RoleBinding world/slipway-deployer',
      'secret KUBECONFIG of the environment "staging"',
    ]);
    const binding = steps.find(({ what }) => what === 'RoleBinding world/slipway-deployer');
    expect(binding?.commands).toContain('    namespace: hello');
  });

  it('has a context for each cluster in one secret of several environments', async () => {
    const destinations = {
      eu: { namespace: 'hello', context: 'prod-eu', environment: 'production' },
      us: { namespace: 'hello', context: 'prod-us', environment: 'production' },
    };
    const contexts = { 'kind-eu': SERVER, 'kind-us': 'https://us.acme.example' };
    const flags = ['--context', 'eu=kind-eu', '--context', 'production/us=kind-us'];
    const { printed } = await setup(['production', ...flags, '--json'], {
      formations: { production: destinations },
      contexts,
    });
    const { clusters, steps } = JSON.parse(printed) as Setup;
    expect(clusters.map(({ context }) => context)).toEqual(['kind-eu', 'kind-us']);
    const commands = steps.at(-1)?.commands ?? '';
    expect(commands).toContain('{"name":"prod-us","user":{"token":"$token_2"}}');
    expect(commands).not.toContain('current-context');
  });

  it('has no secret where a cloud logs jobs in, whose own commands only people run', async () => {
    const { printed } = await setup([
      'staging',
      '--identity',
      'eks',
      '--subject',
      'hello-deployers',
      '--json',
    ]);
    const { steps } = JSON.parse(printed) as Setup;
    expect(steps.filter(({ what }) => /ServiceAccount|secret/.test(what))).toEqual([]);
    expect(steps.at(-1)).toMatchObject({ where: 'AWS', state: 'by-hand' });
    expect(steps.at(-1)?.commands).toContain('repo:acme/hello:environment:staging');
  });

  it.each(['gke', 'aks'])('binds the Role to the user of %s', async identity => {
    const { printed } = await setup(['staging', '--identity', identity, '--subject', 'a-b@c', '--json']);
    const { steps } = JSON.parse(printed) as Setup;
    const binding = steps.find(({ what }) => what.startsWith('RoleBinding'));
    expect(binding?.commands).toMatch(/kind: User\n\s+name: a-b@c/);
    expect(steps.at(-1)?.commands).toContain('a-b@c');
  });

  it('makes an account that only reads for plans, in an environment for pull requests', async () => {
    const { exitCode, printed, complaints } = await setup(['staging', '--for', 'plan', '--json']);
    expect([exitCode, complaints]).toEqual([0, expect.stringContaining('can read PLANNER_KUBECONFIG')]);
    const { steps } = JSON.parse(printed) as Setup;
    expect(steps.map(({ what }) => what)).toEqual([
      'Namespace hello',
      'ServiceAccount hello/slipway-planner',
      'Role hello/slipway-planner',
      'RoleBinding hello/slipway-planner',
      'environment staging-plan',
      'environment staging-plan: branch refs/pull/*/merge',
      'secret PLANNER_KUBECONFIG of the environment "staging-plan"',
    ]);
    const role = steps[2]?.commands ?? '';
    expect(role).toContain('"verbs":["get","list"]');
    expect(role).not.toMatch(/secrets|create|patch|update|delete"/);
    expect(steps.at(-1)?.commands).toContain('gh secret set PLANNER_KUBECONFIG');
  });

  it('makes one account that only reads for the status of all formations, in a secret of the repository', async () => {
    const formations = { staging: MAIN, test: { main: { namespace: 'test', environment: 'test' } } };
    const { printed } = await setup(['staging', 'test', '--for', 'status', '--json'], { formations });
    const { steps } = JSON.parse(printed) as Setup;
    expect(steps.filter(({ what }) => what.startsWith('environment'))).toEqual([]);
    expect(steps.at(-1)?.what).toBe('secret VIEWER_KUBECONFIG of the repository');
    expect(steps.map(({ what }) => what)).toContain('RoleBinding test/slipway-viewer');
  });

  it('warns of a secret that every branch can read, and of a cluster that only this machine reaches', async () => {
    const { exitCode, complaints } = await setup(['staging'], {
      formations: { staging: { main: { namespace: 'hello' } } },
      contexts: { kind: 'https://127.0.0.1:6443' },
    });
    expect(exitCode).toBe(0);
    expect(complaints).toContain('which only a runner on this machine can');
    expect(complaints).toContain('which every branch that someone can push may read');
  });

  it('says which cluster it takes instead of one that this machine does not know', async () => {
    const { complaints } = await setup(['staging'], { contexts: { other: SERVER } });
    expect(complaints).toContain('no context "staging", which the formation names');
  });

  const refused: Readonly<Record<string, readonly [readonly string[], Situation, string]>> = {
    'no formation': [[], {}, 'slipway setup needs <formation>'],
    'a formation that does not exist': [['stagin'], {}, 'did you mean "staging"? (target-unknown)'],
    'a context that does not exist': [['staging', '--context', 'stagin'], {}, '(context-unknown)'],
    'a context of a destination that does not exist': [
      ['staging', '--context', 'mian=staging'],
      {},
      '"mian", which is not a destination of these formations; did you mean "main"? (usage)',
    ],
    'no context at all': [['staging'], { contexts: {} }, 'log in to the cluster first (context-unknown)'],
    'another cluster than the formation states': [
      ['staging'],
      { formations: { staging: { main: { namespace: 'hello', cluster: { server: 'https://other' } } } } },
      '(cluster-other)',
    ],
    'a cluster whose certificate is not verified': [
      ['staging'],
      { contexts: { staging: { server: SERVER, insecure: true } } },
      '(cluster-unverified)',
    ],
    'no remote': [['staging'], { remote: '' }, 'has no remote "origin"'],
    'a remote that is not on GitHub': [['staging'], { remote: '/srv/git/hello.git' }, '(repository-unknown)'],
    'a hostile repository': [['staging', '--repo', 'acme/hello;id'], {}, '(repository-unknown)'],
    'a repository that is a flag': [['staging', '--repo=-x/y'], {}, '(repository-unknown)'],
    'a hostile environment': [
      ['staging'],
      { formations: { staging: { main: { namespace: 'hello', environment: 'a\nid' } } } },
      '(workflow-environment-invalid)',
    ],
    'a hostile branch': [['staging', '--branch', 'main$(id)'], {}, 'the flag "--branch" is "main$(id)"'],
    'a hostile reviewer': [['staging', '--reviewers', '@ada/../x'], {}, 'the flag "--reviewers"'],
    'a cloud that it does not know': [['staging', '--identity', 'ibm'], {}, 'choose one of token, eks'],
    'a cloud without whom its login is': [['staging', '--identity', 'gke'], {}, 'needs --subject'],
    'whom a login is without a cloud': [['staging', '--subject', 'x'], {}, 'it is for --identity'],
    'a purpose that it does not know': [
      ['staging', '--for', 'reading'],
      {},
      'choose one of deploy, status, plan',
    ],
    'reviewers of pull requests': [
      ['staging', '--for', 'plan', '--reviewers', '@ada'],
      {},
      'it is for --for deploy, and not for plan',
    ],
    'a status of some formations only': [
      ['staging', '--for', 'status'],
      { formations: { staging: MAIN, test: { main: { namespace: 'test' } } } },
      'run "slipway setup staging test --for status"',
    ],
    'a duration without a unit': [['staging', '--duration', '720'], {}, 'write it as 720h'],
    'a duration that no cluster grants': [
      ['staging', '--duration', '9m59s'],
      {},
      'no cluster grants less than 10m',
    ],
    'a secret that another formation has too': [
      ['staging'],
      { formations: { staging: MAIN, test: { main: { namespace: 'test', environment: 'staging' } } } },
      'run "slipway setup staging test"',
    ],
    'one context for two clusters': [
      ['staging', '--context', 'one=a', '--context', 'two=b'],
      {
        formations: {
          staging: {
            one: { namespace: 'x', environment: 's', cluster: { server: 'https://a' } },
            two: { namespace: 'y', environment: 's', cluster: { server: 'https://b' } },
          },
        },
        contexts: { a: 'https://a', b: 'https://b' },
      },
      '(context-ambiguous)',
    ],
    'writing without a confirmation': [
      ['staging', '--apply'],
      {},
      `this writes to "${SERVER}" (context "staging") and "github.com/acme/hello"`,
    ],
    'renewing without a confirmation': [['staging', '--renew'], {}, '(setup-unconfirmed)'],
  };

  it.each(Object.entries(refused))('refuses %s', async (_name, [args, situation, message]) => {
    const { exitCode, printed, complaints } = await setup(args, situation);
    expect(complaints).toContain(message);
    expect([exitCode, printed]).toEqual([2, '']);
  });

  it.each([
    ['https://github.com/acme/hello', 'acme/hello'],
    ['https://x:secret@github.com/acme/hello.git/', 'acme/hello'],
    ['ssh://git@ssh.github.com:443/acme/hello.git', 'acme/hello'],
    ['git@ghe.acme.example:acme/hello.github.io.git', 'ghe.acme.example/acme/hello.github.io'],
  ])('knows the repository of the remote %s', async (remote, name) => {
    const { printed } = await setup(['staging', '--json'], { remote });
    expect((JSON.parse(printed) as Setup).repository).toBe(name);
  });

  it('repeats no password that the address of a remote has', async () => {
    const { complaints } = await setup(['staging'], {
      remote: 'https://x:hunter2@example.org/one/two/three',
    });
    expect(complaints).toContain('(repository-unknown)');
    expect(complaints).not.toContain('hunter2');
  });
});

describe('the printed commands', () => {
  const ENVIRONMENT = '*/environments/staging';
  const CASES: readonly (readonly [string, string, stores: boolean])[] = [
    ['the environment cannot be made', `${ENVIRONMENT}) exit 1 ;;`, false],
    ['the environment admits every branch', `${ENVIRONMENT}) echo every ;;`, false],
    [
      'the branch cannot be admitted',
      `${ENVIRONMENT}) echo named ;; */deployment-branch-policies) exit 1 ;;`,
      false,
    ],
    ['no branch is protected', `${ENVIRONMENT}) echo protected ;;`, false],
    [
      'some branch is protected',
      `${ENVIRONMENT}) echo protected ;; *protected=true) echo main ;; */deployment-branch-policies) exit 1 ;;`,
      true,
    ],
    ['the branch is admitted', `${ENVIRONMENT}) echo named ;;`, true],
    [
      'the branch is admitted already',
      `${ENVIRONMENT}) echo named ;; *per_page=100) echo main ;; */deployment-branch-policies) exit 1 ;;`,
      true,
    ],
  ];

  /** Programs that note their arguments, where gh answers as the cases of a shell say. */
  async function run(shell: string, script: string, cases: string) {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-printed-'));
    folders.push(folder);
    const log = `echo "\${0##*/} $*" >> '${folder}/log'`;
    const program = (name: string, lines: string): void =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${log}\n${lines}\n`, { mode: 0o755 });
    program('gh', `for last; do :; done\ncase $last in ${cases} esac`);
    program('kubectl', 'echo "2030-01-01T00:00:00Z example-only"');
    const env = { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: folder };
    const { status } = spawnSync(shell, ['-c', script], { cwd: folder, env, input: '' });
    return { status, log: readFileSync(join(folder, 'log'), 'utf8') };
  }

  describe.each(['bash', 'dash'])('in %s', shell => {
    it.each(CASES)(
      'store the kubeconfig only where branches are restricted: %s',
      async (_, cases, stores) => {
        const { printed } = await setup(['staging', '--reviewers', '@ada']);
        const { status, log } = await run(shell, printed, cases);
        expect([status === 0, log.includes('gh secret set KUBECONFIG')]).toEqual([stores, stores]);
      },
    );

    it.each([
      ['every', false],
      ['protected', false],
      ['', false],
      ['named', true],
    ])('look by the lines of the secret alone, too: %j', async (answer, stores) => {
      const { printed } = await setup(['staging', '--json']);
      const { steps } = JSON.parse(printed) as Setup;
      const lines = steps.at(-1)?.commands ?? '';
      const { status, log } = await run(shell, lines, `${ENVIRONMENT}) echo ${answer} ;;`);
      expect([status === 0, log.includes('gh secret set KUBECONFIG')]).toEqual([stores, stores]);
    });
  });

  it('go on in a cloud where something exists already', async () => {
    const { printed } = await setup(['staging', '--identity', 'aks', '--subject', 'example-only']);
    expect(printed).toMatch(/\nset -eu\n(?:.*\n)*set \+eu\n\n# login of /);
  });
});
