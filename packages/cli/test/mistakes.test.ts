import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runProgram } from '../src/run-program.ts';
import { inOwnWords } from '../src/tell/own-words.ts';
import { copyOfShop, runIn } from './support/copy.ts';
import { machineIn } from './support/machine.ts';

const folder = copyOfShop();

/** One sentence each, with nothing printed. */
const MISTAKES: Readonly<Record<string, readonly [args: readonly string[], sentence: string]>> = {
  'a word that no stencil uses': [
    ['render', '--set', 'no.such=1'],
    'no stencil uses the word "no.such" of --set; ',
  ],
  'a workspace that does not exist': [
    ['render', '--workspace', '/no/such'],
    'the folder "/no/such" that --workspace names does not exist; correct its path, which counts from the folder of the call (usage)',
  ],
  'a path that is not one of a field': [
    ['diff', '--ignore', '[[['],
    'the flag "--ignore" has "[[[", which is not the path of a field; write a path such as spec.replicas (usage)',
  ],
  'a version with four numbers': [
    ['check', '--kubernetes-version', '1.2.3.4'],
    'the flag "--kubernetes-version" is "1.2.3.4"; write it as 1.34; ',
  ],
  'a line of a file that is outside of the workspace': [
    ['explain', '/etc/hostname:1'],
    'there is no file "/etc/hostname" in the workspace, ',
  ],
  'a branch that Git does not take': [
    ['workflows', '--check', '--branch', 'a..b'],
    '--branch is "a..b"; use letters, ',
  ],
  'plain manifests without an application': [
    ['plan', 'stencils'],
    'plain manifests have no slipway.yaml that names their application; name it as the workflow does: --application <name> (usage)',
  ],
  'a plan of plain manifests with values of a rendering': [
    ['plan', 'stencils', '--set', 'a=b'],
    'plain manifests are not rendered, so "--set" would be ignored; ',
  ],
  'a namespace for a formation': [
    ['plan', '--namespace', 'x'],
    '"--namespace" is for plain manifests: a formation has its own; leave it out (usage)',
  ],
  'a prune that does not exist': [
    ['plan', '--prune', 'later'],
    'the flag "--prune" is "later"; write after-success, now, off (usage)',
  ],
  'a plan with a cluster where there is no kubeconfig': [
    ['plan', '--formation', 'staging', '--kubeconfig', 'none'],
    '/none" cannot be read; name one with --kubeconfig, or set KUBECONFIG (kubeconfig-missing)',
  ],
};

describe('a mistake on the command line', () => {
  it.each(Object.entries(MISTAKES))('is one sentence: %s', async (_name, [args, sentence]) => {
    const { exitCode, printed, complaints } = await runIn(folder, ...args);
    const errors = complaints.split('\n').filter(line => line.startsWith('error: '));
    expect([exitCode, printed, errors.length]).toEqual([2, '', 1]);
    expect(errors[0]).toContain(sentence);
  });

  it('is one sentence where the folder for temporary files is missing', async () => {
    const complaints: string[] = [];
    const machine = { ...machineIn(folder, { printed: [], complaints }), temporaryDirectory: '/nowhere/x' };
    expect(await runProgram(['render'], machine)).toBe(2);
    expect(complaints).toEqual([
      'error: temporary files cannot be written to "/nowhere/x" (ENOENT); set TMPDIR to a folder that exists and that you may write to (temporary-folder-unusable)',
    ]);
  });
});

describe('the output of a rendering', () => {
  it.each(['.', 'stencils', 'stencils/new', 'config', 'formations/staging', 'docs'])(
    'is not mixed with sources or other files: %s',
    async output => {
      mkdirSync(join(folder, 'docs'), { recursive: true });
      writeFileSync(join(folder, 'docs/notes.md'), 'notes\n');
      const before = readdirSync(folder, { recursive: true });
      const { exitCode, printed, complaints } = await runIn(folder, 'render', '--output', output);
      expect([exitCode, printed]).toEqual([2, '']);
      expect(complaints).toMatch(/^error: the output folder ".+" (?:has|is read by) .+ \(output-in-use\)$/);
      expect(readdirSync(folder, { recursive: true })).toEqual(before);
    },
  );

  it('replaces an earlier one, and keeps the formations that it does not render', async () => {
    expect((await runIn(folder, 'render', '--output', 'out')).exitCode).toBe(0);
    const args = ['render', '--output', 'out', '--formation', 'staging'];
    expect((await runIn(folder, ...args)).exitCode).toBe(0);
    expect(existsSync(join(folder, 'out/production/eu/rendered.json'))).toBe(true);
  });
});

describe('the words of a package', () => {
  it.each([
    ['input "set" has no "="', '--set has no "="'],
    ['name packs in the input "packs", or none', 'name packs in --packs, or none'],
    ['set the input crds', 'set --crds'],
    ['the kubeconfig input is in base64', '--kubeconfig is in base64'],
    ['give the input "token"', 'give the input "token"'],
    ['the name is "the input \\"set\\""', 'the name is "the input \\"set\\""'],
  ])('name a flag where there is one: %s', (sentence, own) => {
    expect(inOwnWords(sentence)).toBe(own);
  });
});
