import { describe, expect, it } from '@jest/globals';
import { git, repository, scratch } from '@slipway/testkit/git';
import { type SpawnedFormation, workflowFiles } from '@slipway/workflows';
import { runWorkflow, type WorkflowOptions } from './support/act.ts';

const NONE = { variables: [], sops: [], vault: [] };
const PREVIEW: SpawnedFormation = {
  name: 'preview',
  form: 'create',
  registry: 'registry.example/shop-preview',
  destinations: [{ name: 'dev' }],
  secrets: NONE,
};

/** Says what the workflow asks Slipway for, as which jobs run and with what is what these tests are about. */
const ASKED = `name: asked
inputs: { spawn: {}, mode: {}, steps: {}, formation: {}, confirm: {}, reason: {}, kubeconfig: {} }
runs:
  using: composite
  steps:
    - run: printenv ASKED
      shell: bash
      env: { ASKED: "asked for \${{ inputs.formation }}: '\${{ inputs.mode }}' '\${{ inputs.steps }}' of '\${{ inputs.spawn }}' by '\${{ inputs.confirm }}'" }
`;

function preparedRepository(): string {
  const files = workflowFiles(
    {
      ...{ name: 'shop', path: 'slipway.yaml', registry: 'registry.example/shop' },
      formations: [{ name: 'staging', waves: [[{ name: 'main' }]], secrets: NONE }],
      spawned: [PREVIEW],
    },
    // act takes an environment by its name only.
    { target: 'ghes' },
  );
  const own = files
    .filter(({ path }) => path.includes('preview'))
    .map(({ path, text }) => [
      path,
      text
        .replace('slipway-dev/slipway@v1', './.github/asked')
        .replaceAll(/^ *- run: printenv TOKEN \| docker login .*\n +env: .*\n/gm, ''),
    ]);
  const folder = repository({ ...Object.fromEntries(own), '.github/asked/action.yml': ASKED });
  git(folder, 'remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  return folder;
}

/** The jobs that ran, and what was asked for. */
async function ran(options: Pick<WorkflowOptions, 'file' | 'event' | 'payload'>) {
  const { exitCode, jobs, log } = await runWorkflow({
    ...options,
    repository: preparedRepository(),
    secrets: { KUBECONFIG: 'a kubeconfig' },
    environment: { GITHUB_REPOSITORY: 'acme/shop' },
    path: '/usr/bin:/bin',
    home: scratch(),
  });
  expect([exitCode, log]).toEqual([0, expect.anything()]);
  const asked = [...log.matchAll(/asked for [^\n]*/g)].map(([line]) => line.trim());
  return {
    jobs: jobs.filter(({ result }) => result === 'success').map(({ id }) => id),
    asked: [...new Set(asked)],
    isNoticed: log.includes('no environment, as none is made for a fork, a draft or a bot'),
  };
}

const pull = (changes: object = {}) => ({
  number: 1234,
  draft: false,
  labels: [{ name: 'preview' }],
  head: { repo: { full_name: 'acme/shop' } },
  user: { login: 'ada', type: 'User' },
  ...changes,
});

const PUSH = { action: 'synchronize' };

const onPull = (changes: object = {}, event: object = PUSH) =>
  ran({ file: 'preview.yml', event: 'pull_request', payload: { ...event, pull_request: pull(changes) } });

const labeled = (name: string) => ({ action: 'labeled', label: { name } });

describe('preview.yml', () => {
  it.each([
    ['a push to one with the label', { action: 'synchronize' }],
    ['the label itself', labeled('preview')],
    ['one that is opened again', { action: 'reopened' }],
    ['a draft that is ready', { action: 'ready_for_review' }],
  ])('makes an instance for %s', async (_title, event) => {
    expect(await onPull({}, event)).toMatchObject({
      jobs: ['preview'],
      asked: ["asked for preview: '' 'build, render, check, deploy, verify' of 'event' by ''"],
    });
  });

  it.each([
    ['without the label', { labels: [] }, PUSH],
    ['with another label', { labels: [{ name: 'previews' }] }, PUSH],
    ['that gets another label beside it', {}, labeled('bug')],
  ])('does nothing for a pull request %s', async (_title, changes, event) => {
    expect(await onPull(changes, event)).toEqual({ jobs: [], asked: [], isNoticed: false });
  });

  it.each([
    ['a fork', { head: { repo: { full_name: 'stranger/shop' } } }],
    ['a fork that was deleted', { head: { repo: null } }],
    ['a draft', { draft: true }],
    ['a bot', { user: { login: 'dependabot[bot]', type: 'Bot' } }],
  ])('is green, says that there is none and asks for nothing: %s', async (_title, changes) => {
    expect(await onPull(changes)).toEqual({ jobs: ['none'], asked: [], isNoticed: true });
  });
});

describe('preview-end.yml', () => {
  const SWEEP = "asked for preview: 'sweep' 'deploy' of '' by ''";
  const end = (event: WorkflowOptions['event'], payload: object) =>
    ran({ file: 'preview-end.yml', event, payload });

  it('sweeps when a pull request of this repository is closed, and on the schedule', async () => {
    const closed = { action: 'closed', pull_request: pull({ labels: [] }) };
    for (const [event, payload] of [
      ['pull_request_target', closed],
      ['schedule', {}],
      ['workflow_dispatch', { inputs: {} }],
    ] as const)
      expect(await end(event, payload)).toMatchObject({ jobs: ['end'], asked: [SWEEP] });
  });

  it('does nothing when one of a fork is closed', async () => {
    const payload = {
      action: 'closed',
      pull_request: pull({ head: { repo: { full_name: 'stranger/shop' } } }),
    };
    expect(await end('pull_request_target', payload)).toMatchObject({ jobs: [], asked: [] });
  });

  it('removes the one that a person names', async () => {
    const inputs = { spawn: '1234', confirm: 'shop/preview-1234', reason: 'not needed' };
    expect((await end('workflow_dispatch', { inputs })).asked).toEqual([
      "asked for preview: 'destroy' 'deploy' of '1234' by 'shop/preview-1234'",
    ]);
  });
});

describe('preview-room.yml', () => {
  const room = (changes: object = {}, event: object = PUSH) =>
    ran({
      file: 'preview-room.yml',
      event: 'pull_request_target',
      payload: { ...event, pull_request: pull(changes) },
    });

  it.each([
    ['a push to one with the label', { action: 'synchronize' }],
    ['the label itself', labeled('preview')],
    ['a draft that is ready', { action: 'ready_for_review' }],
  ])('makes room for %s', async (_title, event) => {
    expect(await room({}, event)).toMatchObject({
      jobs: ['room'],
      asked: ["asked for preview: 'room' 'deploy' of 'event' by ''"],
    });
  });

  it.each([
    ['a fork', { head: { repo: { full_name: 'stranger/shop' } } }],
    ['a fork that was deleted', { head: { repo: null } }],
    ['a draft', { draft: true }],
    ['a bot', { user: { login: 'dependabot[bot]', type: 'Bot' } }],
    ['one without the label', { labels: [] }],
  ])('does nothing for %s', async (_title, changes) => {
    expect(await room(changes)).toEqual({ jobs: [], asked: [], isNoticed: false });
  });

  it('does nothing when another label is added beside it', async () => {
    expect((await room({}, labeled('bug'))).jobs).toEqual([]);
  });
});
