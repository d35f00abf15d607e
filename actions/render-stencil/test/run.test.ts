import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { type FakeRunner, fakeRunner, inputsOf } from '@slipway/github/testing';
import { readRenderedTree } from '@slipway/render';
import { commit, exec, git, scratch } from '@slipway/testkit/git';
import { type Changes, replacing, shopWith, withPreview } from '@slipway/testkit/shop';
import { readInputs, run } from '../src/run.ts';

const noGit = () => Promise.resolve({ exitCode: 128, stdout: '', stderr: '' });

async function rendering(given: Record<string, string>, changes: Changes = {}): Promise<FakeRunner> {
  const runner = fakeRunner({ workspace: shopWith(changes), temporaryDirectory: scratch(), exec: noGit });
  await run(inputsOf(readInputs, given), runner);
  return runner;
}

async function codesOf(work: Promise<unknown>): Promise<string[]> {
  const error: unknown = await work.then(
    () => undefined,
    reason => reason,
  );
  if (!(error instanceof SlipwayError)) throw error ?? new Error('nothing was refused');
  return error.problems.map(({ code }) => code);
}

describe('render-stencil', () => {
  it('sets every output that action.yml names', async () => {
    const { outputs, temporaryDirectory } = await rendering({ formation: 'production' });
    expect(outputs).toEqual({
      manifests: join(temporaryDirectory, 'slipway/shop'),
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      'config-revision': '',
      'deployment-tag': '',
      waves: expect.any(String),
    });
    expect(JSON.parse(outputs['waves'] ?? '')).toEqual([
      [
        {
          formation: 'production',
          destination: 'eu',
          environment: 'production-eu',
          digest: expect.any(String),
        },
      ],
      [
        {
          formation: 'production',
          destination: 'us',
          environment: 'production-us',
          digest: expect.any(String),
        },
      ],
    ]);
  });

  it('fails where the workflow was not written for these waves, and gives it none', async () => {
    const written = '1:production/eu=production-eu, 2:production/us=production-us';
    const given = { formation: 'production', 'expected-waves': written };
    expect((await rendering(given)).outputs).toHaveProperty('waves');
    const changes = {
      'formations/production.yaml': (text: string) =>
        text.replace('waves: [[eu], [us]]', 'waves: [[us], [eu]]'),
    };
    expect(new Set(await codesOf(rendering(given, changes)))).toEqual(new Set(['waves-unexpected']));
  });

  it('refuses a formation that is promoted from one that does not exist', async () => {
    const changes = {
      'formations/production.yaml': replacing('promoted-from: staging', 'promoted-from: stagin'),
    };
    expect(await codesOf(rendering({ formation: 'staging' }, changes))).toEqual(['promoted-from-unknown']);
  });

  it("sets the digest of a single destination to that destination's own", async () => {
    const { outputs } = await rendering({ formation: 'production', destination: 'eu' });
    const [only] = await readRenderedTree(outputs['manifests'] ?? '');
    expect(outputs['digest']).toBe(only?.rendered.digest);
  });

  it('records the commit of the config if there is one', async () => {
    const workspace = shopWith();
    git(workspace, 'init', '--quiet');
    const revision = commit(workspace, {});
    const runner = fakeRunner({ workspace, temporaryDirectory: scratch(), exec, environment: process.env });
    await run(inputsOf(readInputs, { formation: 'staging' }), runner);
    const [rendered] = await readRenderedTree(runner.outputs['manifests'] ?? '');
    expect(rendered?.rendered.configRevision).toBe(revision);
  });

  it('has a summary of two lines above what is folded', async () => {
    const { summary } = await rendering({ formation: 'production' });
    const [open = '', ...folded] = summary.split(/\n<details>/);
    expect(open).toMatch(/^\n\n### Rendered shop: images unresolved\n\n\d+ objects for 2 destinations\n$/);
    expect(folded.join('')).toContain('| <code>production/eu</code> | <code>shop-eu</code> |');
    // All of it is in one fold, which is one line however many destinations there are.
    expect(folded[0]).toMatch(/^<summary>Destinations and objects<\/summary>/);
    expect(summary.match(/<details>/g)).toHaveLength(3);
    expect(summary.trimEnd()).toMatch(/<\/details>\s*<\/details>$/);
  });

  it('shows warnings on their lines, and in the summary', async () => {
    const runner = await rendering(
      { formation: 'staging' },
      {
        'config/more.yaml': () =>
          'apiVersion: slipway.dev/v1\nkind: Config\nspec:\n  values: {"*.*.<b>": 1}\n',
      },
    ).catch(error => error as SlipwayError);
    expect(runner).toBeInstanceOf(SlipwayError);
    const { annotations, summary } = await rendering(
      { formation: 'staging' },
      {
        'config/more.yaml': () =>
          'apiVersion: slipway.dev/v1\nkind: Config\nspec:\n  values: {"*.*": {"<b>": 1}}\n',
      },
    );
    expect(annotations).toEqual([
      {
        severity: 'warning',
        code: 'value-unused',
        message: 'config/more.yaml:4:20: no stencil uses the value "*.*.<b>"; remove it, or use it',
        at: expect.objectContaining({ path: 'config/more.yaml', line: 4 }),
      },
    ]);
    expect(summary).toContain('**1 warning**');
    expect(summary).not.toContain('<b>');
  });

  it('explains in the log and the summary what decided a line', async () => {
    const line = 'staging/main/manifests/api.yaml:2';
    const { summary, log } = await rendering({ formation: 'staging', explain: line });
    const said = ['Deployment api /kind', 'stencil stencils/api.yaml:2:1'];
    for (const text of [line, ...said]) expect(log.join('\n')).toContain(text);
    for (const text of [line, 'Deployment api /kind', 'stencils/api.yaml:2:1'])
      expect(summary).toContain(text);
  });

  it('writes to a folder of the workspace when told to', async () => {
    const { outputs, workspace } = await rendering({ formation: 'staging', output: 'rendered/tree' });
    expect(outputs['manifests']).toBe(join(workspace, 'rendered/tree'));
    expect(readdirSync(join(workspace, 'rendered/tree/staging'))).toEqual(['main']);
  });
});

describe('nothing is written', () => {
  it('outside the workspace by a relative output', async () => {
    expect(await codesOf(rendering({ output: '../elsewhere' }))).toEqual(['output-outside']);
  });

  it('through a link in the repository', async () => {
    const elsewhere = scratch();
    const workspace = shopWith();
    symlinkSync(elsewhere, join(workspace, 'rendered'));
    const runner = fakeRunner({ workspace, temporaryDirectory: scratch(), exec: noGit });
    expect(await codesOf(run(inputsOf(readInputs, { output: 'rendered/x' }), runner))).toEqual([
      'output-outside',
    ]);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('where no folder can be created, which is reported at once', async () => {
    expect(await codesOf(rendering({ formation: 'staging', output: '/proc/x' }))).toEqual([
      'output-unwritable',
    ]);
  });

  it('when a line to explain does not exist', async () => {
    const runner = fakeRunner({ workspace: shopWith(), temporaryDirectory: scratch(), exec: noGit });
    expect(await codesOf(run(inputsOf(readInputs, { explain: 'x:1' }), runner))).toEqual(['line-unknown']);
    expect(runner.outputs['manifests']).toBeUndefined();
  });

  it('when one of several destinations has a mistake', async () => {
    const runner = fakeRunner({
      workspace: shopWith({
        'stencils/more.yaml': () => 'apiVersion: v1\nkind: X\nmetadata: {name: "${config.only-eu}"}\n',
        'config/more.yaml': () =>
          'apiVersion: slipway.dev/v1\nkind: Config\nspec:\n  values: {"eu.production.only-eu": x}\n',
      }),
      temporaryDirectory: scratch(),
      exec: noGit,
    });
    expect(await codesOf(run(inputsOf(readInputs, {}), runner))).toEqual(['word-unvalued']);
    expect(existsSync(join(runner.temporaryDirectory, 'slipway'))).toBe(false);
    expect(runner.outputs).toEqual({ 'deployment-tag': '' });
  });
});

describe('a snapshot', () => {
  it.each([
    ['that does not exist', () => {}, 'snapshot-missing'],
    ['that is not JSON', (file: string) => writeFileSync(file, '{'), 'format-not-json'],
    [
      'that is something else',
      (file: string) => writeFileSync(file, '{"kind": "Rendered"}'),
      'format-invalid',
    ],
    ['that is a folder', (file: string) => mkdirSync(file), 'snapshot-missing'],
  ])('%s is refused', async (_name, make, code) => {
    const file = join(scratch(), 'snapshot.json');
    make(file);
    expect((await codesOf(rendering({ snapshot: file })))[0]).toBe(code);
  });
});

describe('a spawned formation', () => {
  it('is left out of a rendering of all, with a notice', async () => {
    const { annotations, outputs } = await rendering({}, withPreview);
    expect(annotations).toMatchObject([
      { severity: 'notice', code: 'spawn-skipped', message: expect.stringContaining('"preview" is spawned') },
    ]);
    expect(outputs['waves']).not.toContain('preview');
  });

  it('is refused by its name, and rendered with a key', async () => {
    expect(await codesOf(rendering({ formation: 'preview' }, withPreview))).toEqual(['spawn-key-missing']);
    const { outputs, annotations } = await rendering({ spawn: 'feature/A' }, withPreview);
    const [wave] = JSON.parse(outputs['waves'] ?? '') as { formation: string }[][];
    expect(wave?.map(({ formation }) => formation)).toEqual([
      expect.stringMatching(/^preview-feature-a-[0-9a-f]{5}$/),
    ]);
    expect(annotations.filter(({ severity }) => severity === 'notice')).toEqual([]);
  });

  it.each(['../x', 'PR 12'])('leaves nothing half made for the key %j', async key => {
    const runner = fakeRunner({
      workspace: shopWith(withPreview),
      temporaryDirectory: scratch(),
      exec: noGit,
    });
    expect(await codesOf(run(inputsOf(readInputs, { spawn: key }), runner))).toEqual(['spawn-key-invalid']);
    expect(readdirSync(runner.temporaryDirectory)).toEqual([]);
    expect(runner.outputs).not.toHaveProperty('manifests');
  });
});
