import { describe, expect, it } from '@jest/globals';
import type { SlipwayError } from '@slipway/core';
import {
  type Application,
  type SpawnedFormation,
  type WorkflowSettings,
  workflowFiles,
} from '@slipway/workflows';
import { load } from 'js-yaml';
import { application, formation } from './support/applications.ts';

interface Read {
  readonly on: Readonly<Record<string, { readonly types?: readonly string[] } | null>>;
  readonly jobs: Readonly<Record<string, ReadJob>>;
}

interface ReadJob {
  readonly if: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress'?: boolean };
  readonly environment: unknown;
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, string>> }[];
}

const NONE = { variables: [], sops: [], vault: [] };
const PREVIEW: SpawnedFormation = {
  name: 'preview',
  registry: 'ghcr.io/acme/shop-preview',
  destinations: [{ name: 'dev' }],
  secrets: { ...NONE, variables: ['DB_PASSWORD'] },
};
const shop = (...spawned: SpawnedFormation[]): Application =>
  application([formation('staging')], { spawned });

function texts(app: Application, settings: Partial<WorkflowSettings> = {}): ReadonlyMap<string, string> {
  const files = workflowFiles(app, settings);
  return new Map(files.map(({ path, text }) => [path.replace('.github/workflows/', ''), text]));
}

function read(app: Application, file: string, settings: Partial<WorkflowSettings> = {}): Read {
  return load(texts(app, settings).get(file) ?? '') as Read;
}

function stepOf(job: ReadJob | undefined) {
  return job?.steps.find(({ uses = '' }) => uses.startsWith('slipway-dev/'));
}

function codesOf(app: Application, settings: Partial<WorkflowSettings> = {}): string[] {
  try {
    workflowFiles(app, settings);
    return [];
  } catch (error) {
    return (error as SlipwayError).problems.map(({ code }) => code);
  }
}

describe('the workflows of a spawned formation', () => {
  it('are two, and there are none without one', () => {
    const names = [...texts(shop(PREVIEW)).keys()].filter(name => name.startsWith('preview'));
    expect(names).toEqual(['preview.yml', 'preview-end.yml']);
    expect([...texts(application([formation('staging')])).keys()].join()).not.toContain('preview');
    const two = [...texts(shop(PREVIEW, { ...PREVIEW, name: 'demo' })).keys()];
    expect(two.filter(name => name.startsWith('preview'))).toEqual([
      ...['preview-preview.yml', 'preview-end-preview.yml'],
      ...['preview-demo.yml', 'preview-end-demo.yml'],
    ]);
  });

  it('make an instance for a pull request with the label, of this repository, of a person, and no draft', () => {
    const { on, jobs } = read(shop(PREVIEW), 'preview.yml');
    expect(on['pull_request']?.types).toEqual(['labeled', 'synchronize', 'reopened', 'ready_for_review']);
    expect(Object.keys(on)).toEqual(['pull_request']);
    const condition = jobs['preview']?.if ?? '';
    for (const part of [
      "contains(github.event.pull_request.labels.*.name, 'preview')",
      'github.event.pull_request.head.repo.full_name == github.repository',
      '!github.event.pull_request.draft',
      "github.event.pull_request.user.type != 'Bot'",
    ])
      expect(condition).toContain(part);
    expect(stepOf(jobs['preview'])?.with).toMatchObject({ spawn: 'event', formation: 'preview' });
  });

  it('say that there is none for the others, in a green job that may do nothing', () => {
    const { jobs } = read(shop(PREVIEW), 'preview.yml');
    expect(jobs['none']?.permissions).toEqual({});
    expect(jobs['none']?.steps).toEqual([{ run: expect.stringContaining('::notice::no environment') }]);
    expect(jobs['none']?.if).toContain('!(github.event.pull_request.head.repo.full_name');
  });

  it('give no job of a pull request the key that signs what passed', () => {
    const all = texts(shop(PREVIEW), { signing: 'record-key' });
    expect(all.get('release.yml')).toContain('RECORD_KEY');
    for (const file of ['preview.yml', 'preview-end.yml']) expect(all.get(file)).not.toContain('RECORD_KEY');
  });

  it('may push to the registry of instances, and only read beside one that is elsewhere', () => {
    const own = read(shop(PREVIEW), 'preview.yml').jobs['preview']?.permissions;
    const rights = { contents: 'read', 'pull-requests': 'write', deployments: 'write' };
    expect(own).toEqual({ ...rights, packages: 'write' });
    const elsewhere = shop({ ...PREVIEW, registry: 'harbor.acme.io/shop/preview' });
    expect(read(elsewhere, 'preview.yml').jobs['preview']?.permissions).toEqual({
      ...rights,
      packages: 'read',
    });
    expect(texts(elsewhere).get('preview.yml')).toContain(
      "Between the marks also a login to ghcr.io with the job's token, which only has to read.",
    );
    expect(read(elsewhere, 'preview-end.yml').jobs['end']?.permissions).toEqual(rights);
  });

  it('are in the environment of the destination, else in preview, without a record of GitHub', () => {
    for (const file of ['preview.yml', 'preview-end.yml']) {
      const [job] = Object.values(read(shop(PREVIEW), file).jobs);
      expect(job?.environment).toEqual({ name: 'preview', deployment: false });
      const [onServer] = Object.values(read(shop(PREVIEW), file, { target: 'ghes' }).jobs);
      expect(onServer?.environment).toBe('preview');
      const named = shop({ ...PREVIEW, destinations: [{ name: 'dev', environment: 'try-out' }] });
      expect(Object.values(read(named, file).jobs)[0]?.environment).toMatchObject({ name: 'try-out' });
    }
  });

  it('cut off no run that is on its way', () => {
    const { concurrency } = read(shop(PREVIEW), 'preview.yml').jobs['preview'] as ReadJob;
    expect(concurrency).toEqual({ group: 'shop-preview-${{ github.event.pull_request.number }}' });
  });

  it('sweep when one of this repository is closed, each hour and by hand, from the files of the base', () => {
    const { on, jobs } = read(shop(PREVIEW), 'preview-end.yml');
    expect(Object.keys(on)).toEqual(['pull_request_target', 'schedule', 'workflow_dispatch']);
    expect(on['pull_request_target']?.types).toEqual(['closed']);
    const job = jobs['end'];
    expect(job?.if).toBe(
      "github.event_name != 'pull_request_target' || github.event.pull_request.head.repo.full_name == github.repository",
    );
    expect(job?.steps[0]?.with).toEqual({ 'persist-credentials': false });
    expect(stepOf(job)?.with).toMatchObject({
      mode: "${{ inputs.spawn && 'destroy' || 'sweep' }}",
      spawn: '${{ inputs.spawn }}',
      confirm: '${{ inputs.confirm }}',
    });
    expect(JSON.stringify(job?.steps)).not.toContain('DB_PASSWORD');
  });

  it('are refused for several destinations, and for promotions that are not signed', () => {
    const two = shop({ ...PREVIEW, destinations: [{ name: 'eu' }, { name: 'us' }] });
    expect(codesOf(two)).toEqual(['workflow-spawn-destinations']);
    const promoted = application(
      [formation('staging'), formation('production', { promotedFrom: 'staging' })],
      { spawned: [PREVIEW] },
    );
    expect(codesOf(promoted)).toEqual(['workflow-signing-missing']);
    expect(codesOf(promoted, { signing: 'record-key' })).toEqual([]);
  });

  it('are refused for names that GitHub would evaluate', () => {
    const registry = 'ghcr.io/${{ github.token }}';
    expect(codesOf(shop({ ...PREVIEW, registry }))).toContain('workflow-name-invalid');
    const variables = ['PATH'];
    expect(codesOf(shop({ ...PREVIEW, secrets: { ...NONE, variables } }))).toEqual([
      'workflow-variable-reserved',
    ]);
  });
});

describe('the workflows of a spawned formation whose instances have namespaces of their own', () => {
  const CREATE: SpawnedFormation = { ...PREVIEW, form: 'create' };

  it('are three, and the login that makes namespaces is in an environment that no pull request uses', () => {
    const app = shop(CREATE);
    const names = [...texts(app).keys()].filter(name => name.startsWith('preview'));
    expect(names).toEqual(['preview-room.yml', 'preview.yml', 'preview-end.yml']);
    const environmentOf = (file: string, job: string) => read(app, file).jobs[job]?.environment;
    expect(environmentOf('preview-room.yml', 'room')).toEqual({ name: 'preview-room', deployment: false });
    expect(environmentOf('preview-end.yml', 'end')).toEqual({ name: 'preview-room', deployment: false });
    expect(environmentOf('preview.yml', 'preview')).toEqual({ name: 'preview', deployment: false });
    expect(texts(app).get('preview.yml')).toContain('KUBECONFIG there is of the tenant');
  });

  it('make a namespace by the files of the base, with nothing of the pull request in a command', () => {
    const text = texts(shop(CREATE)).get('preview-room.yml') ?? '';
    const { on, jobs } = read(shop(CREATE), 'preview-room.yml');
    expect(Object.keys(on)).toEqual(['pull_request_target']);
    expect(on['pull_request_target']?.types).toEqual([
      'labeled',
      'synchronize',
      'reopened',
      'ready_for_review',
    ]);
    const { room } = jobs;
    expect(room?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    for (const part of [
      'head.repo.full_name == github.repository',
      '!github.event.pull_request.draft',
      "user.type != 'Bot'",
    ])
      expect(room?.if).toContain(part);
    expect(text).not.toMatch(/^ *(?:- )?run:/m);
    expect(text).not.toMatch(/ref:|head\.(?:sha|ref)/);
    expect(room?.steps.map(({ uses = '' }) => uses.replace(/@.*/, ''))).toEqual([
      'actions/checkout',
      'slipway-dev/slipway',
    ]);
    expect(room?.steps[0]?.with).toEqual({ 'persist-credentials': false });
    expect(stepOf(room)?.with).toEqual({
      ...{ steps: 'deploy', mode: 'room', spawn: 'event', formation: 'preview' },
      kubeconfig: '${{ secrets.KUBECONFIG }}',
    });
  });
});
