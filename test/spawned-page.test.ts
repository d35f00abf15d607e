import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { NEVER_SPAWNED } from '@slipway/core';
import { readRepository, renderAll, selectTargets, spawn } from '@slipway/render';
import { type ActionFile, readActionFile } from '@slipway/testbed/runner';
import { shopWith, withPreview } from '@slipway/testkit/shop';
import { workflowFiles } from '@slipway/workflows';
import { load, loadAll } from 'js-yaml';
import { COMMANDS } from '../packages/cli/src/commands/commands.ts';
import { spawnSchema } from '../packages/core/src/formats/spawn.ts';
import { readExplainedCodes } from './support/error-entries.ts';
import { ROOT } from './support/sources.ts';

interface ShownStep {
  readonly uses: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const page = readFileSync(join(ROOT, 'docs/spawned.md'), 'utf8');
const prose = page.replaceAll(/^ *```.*?^ *```$/gms, '');
const words = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
const steps = blocks.filter(text => text.startsWith('- uses:')).flatMap(text => load(text) as ShownStep[]);
const NAMES = ['build-retag', 'render-stencil', 'policy-check', 'deploy', 'verify-rollout'];
const actions = new Map(NAMES.map(name => [name, readActionFile(join(ROOT, 'actions', name, 'action.yml'))]));

function actionOf({ uses }: ShownStep): ActionFile {
  const name = /^slipway-dev\/slipway\/actions\/([a-z-]+)@v1$/.exec(uses)?.[1] ?? '';
  const action = actions.get(name);
  if (action === undefined) throw new Error(`there is no action ${uses}`);
  return action;
}

function blockWith(text: string): string {
  const found = blocks.filter(block => block.includes(text));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

describe('the page of spawned environments', () => {
  it('shows each action once, with inputs that it has', () => {
    expect(steps.map(({ uses }) => uses.replace(/.*\/|@v1/g, '')).sort()).toEqual(NAMES.toSorted());
    const unknown = steps.flatMap(step =>
      Object.keys(step.with ?? {}).filter(input => !(input in actionOf(step).inputs)),
    );
    expect(unknown).toEqual([]);
    expect(steps.filter(step => step.with?.['spawn'] !== 'event')).toEqual([]);
  });

  it('reads outputs that a step before has', () => {
    const named = [...blocks.join('').matchAll(/steps\.([a-z]+)\.outputs\.([a-z-]+)/g)];
    expect(named.length).toBeGreaterThan(2);
    for (const [, id, output = ''] of named) {
      const step = steps.find(one => one.id === id);
      expect(step === undefined ? [] : Object.keys(actionOf(step).outputs)).toContain(output);
    }
  });

  it('has a formation that is taken as it is', async () => {
    const formation = blockWith('kind: Formation');
    const workspace = shopWith({ ...withPreview, 'formations/preview.yaml': () => formation });
    const declared = await readRepository({ workspace, application: 'slipway.yaml' });
    const { spawning } = declared;
    expect([...spawning.keys()]).toEqual(['preview']);
    const repository = spawn(declared, { text: '1234' }, []);
    const targets = selectTargets(repository, ['preview-1234'], []);
    const { destinations } = await renderAll(repository, { targets });
    const names = destinations.flatMap(({ objects }) => objects.map(({ object }) => object.metadata.name));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter(name => !name.startsWith('pr-1234-'))).toEqual([]);
  });

  it('starts the sweep as the workflow does that is written', () => {
    const shown = load(blockWith('pull_request_target')) as { readonly on: object };
    const written = load(writtenFile('preview-end.yml')) as { readonly on: object };
    expect(Object.keys(written.on).sort()).toEqual(Object.keys(shown.on).sort());
    expect(written.on).toMatchObject({ pull_request_target: { types: ['closed'] } });
  });

  it('names the permissions that the workflow gives', () => {
    const { jobs } = load(writtenFile('preview.yml')) as {
      readonly jobs: { readonly preview: { readonly permissions: Readonly<Record<string, string>> } };
    };
    const given = Object.entries(jobs.preview.permissions).map(([name, level]) => `${name}: ${level}`);
    const named = words.filter(word => /^(?:contents|pull-requests|deployments|packages): /.test(word));
    expect(new Set(given)).toEqual(new Set(named));
  });

  it('names what an instance never has', () => {
    expect(NEVER_SPAWNED.filter(field => !words.includes(field))).toEqual([]);
  });

  it('names commands and flags that there are', () => {
    const lines = [...words, ...page.split('\n')].filter(line => /^slipway [a-z]+/.test(line));
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines) {
      const [, name = ''] = /^slipway ([a-z]+)/.exec(line) ?? [];
      const command = COMMANDS.find(known => known.name === name);
      const flags = [...line.replace(/#.*/, '').matchAll(/ --([a-z-]+)/g)].map(([, flag = '']) => flag);
      expect([line, flags.filter(flag => !(flag in (command?.flags ?? {})))]).toEqual([line, []]);
    }
  });
});

describe('a word with a hyphen, or with a value, on that page', () => {
  /** Words of GitHub's, of Kubernetes', of Git's and of examples. */
  const OTHERS = [
    ...[
      'login-page',
      ...['pr-2', 'shop-', 'shop-pr-'],
      '1-a',
      'preview-1234',
      'preview-end.yml',
      'preview-room.yml',
      'preview-room',
      'pr-1234-20261121-021512-a1b2c3d-118-1',
    ],
    ...['system:serviceaccount:slipway-rooms:room-keeper', 'namespaces: list'],
    ...['slipway-tenant', 'deployment: false', 'state: closed', '*.preview-1234.replicas'],
  ];
  const named = words.filter(
    word =>
      /^[a-z*][^ /<>]*-|: /.test(word) &&
      !/^(?:slipway|gh) |^(?:contents|pull-requests|deployments|packages): /.test(word) &&
      !OTHERS.includes(word),
  );

  it('is an input or an output, a code, or a field of the formation', async () => {
    const codes = new Set((await readExplainedCodes()).map(({ code }) => code));
    const inputs = new Set([...actions.values()].flatMap(action => Object.keys(action.inputs)));
    const outputs = new Set([...actions.values()].flatMap(action => Object.keys(action.outputs)));
    const fields = new Set<string>([
      ...Object.keys(spawnSchema.properties),
      ...NEVER_SPAWNED,
      ...['name-prefix', 'no-environment'],
      ...fenceKeys(),
    ]);
    expect(named.length).toBeGreaterThan(20);
    const isKnown = (word: string): boolean =>
      [codes, inputs, outputs, fields].some(known => known.has(word.replace(/: .*/, '')));
    expect(named.filter(word => !isKnown(word))).toEqual([]);
  });

  it('has a value that the action takes', () => {
    const choices = (name: string): string => actions.get('deploy')?.inputs[name]?.description ?? '';
    expect(choices('mode')).toMatch(/`sweep`.*/s);
    expect(choices('mode')).toContain('`destroy`');
    expect(choices('on-full')).toContain('fail');
    expect(actions.get('deploy')?.outputs['verdict']?.description).toMatch(/`no-room`.*`no-environment`/s);
  });
});

/** A workflow that is written for an application with such a formation. */
function writtenFile(file: string): string {
  const secrets = { variables: [], sops: [], vault: [] };
  const registry = 'ghcr.io/acme/shop';
  const files = workflowFiles(
    {
      ...{ name: 'shop', path: 'slipway.yaml', registry },
      formations: [{ name: 'staging', waves: [[{ name: 'main' }]], secrets }],
      spawned: [
        { name: 'preview', registry: `${registry}-preview`, destinations: [{ name: 'dev' }], secrets },
      ],
    },
    {},
  );
  return files.find(({ path }) => path.endsWith(`/${file}`))?.text ?? '';
}

/** The keys of the ConfigMap that an administrator fills in. */
function fenceKeys(): readonly string[] {
  const shipped = loadAll(readFileSync(join(ROOT, 'examples/roles/spawner.yaml'), 'utf8'));
  const maps = shipped as { readonly kind: string; readonly data?: object }[];
  return Object.keys(maps.find(({ kind }) => kind === 'ConfigMap')?.data ?? {});
}
