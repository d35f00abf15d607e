import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type ActionFile, readActionFile } from '@slipway/testbed/runner';
import { ROOT } from './support/sources.ts';

const FOLDERS = new Map([
  ...readdirSync(join(ROOT, 'actions'))
    .filter(name => existsSync(join(ROOT, 'actions', name, 'action.yml')))
    .map(name => [name, `actions/${name}`] as const),
  ['the pipeline', '.'] as const,
]);

/** Names as DESIGN.md promises them; an action may have more. */
const PROMISED_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  'build-retag': ['deployment-tag', 'snapshot', 'images', 'git-revision'],
  'render-stencil': ['manifests', 'digest', 'deployment-tag', 'waves'],
  'policy-check': ['verdict', 'errors', 'warnings', 'report'],
  deploy: ['release', 'previous-release', 'changes'],
  'verify-rollout': ['verdict', 'report', 'rolled-back-to'],
  'the pipeline': [
    'deployment-tag',
    'snapshot',
    'manifests',
    'digest',
    'check-verdict',
    'release',
    'verify-verdict',
  ],
};

describe.each([...FOLDERS])('action.yml of %s', (name, folder) => {
  const action: ActionFile = readActionFile(join(ROOT, folder, 'action.yml'));
  const readme = readFileSync(join(ROOT, folder === '.' ? 'actions/pipeline' : folder, 'README.md'), 'utf8');

  it('runs a bundle that is there, on Node 24', () => {
    expect(action.runs.using).toBe('node24');
    expect(existsSync(join(ROOT, folder, action.runs.main))).toBe(true);
  });

  it('holds no expression but the default of a token, as the runner would evaluate it even in a description', () => {
    const text = readFileSync(join(ROOT, folder, 'action.yml'), 'utf8');
    expect(text.replaceAll(/^ +default: "?\$\{\{ github\.token \}\}"?$/gm, '')).not.toContain('${{');
  });

  it('says of each input and output what it is', () => {
    const described = [...Object.entries(action.inputs), ...Object.entries(action.outputs)];
    const silent = described.filter(([, { description }]) => (description ?? '').trim().length < 20);
    expect(silent.map(([input]) => input)).toEqual([]);
  });

  it('says nothing twice in a description', () => {
    const described = [...Object.values(action.inputs), ...Object.values(action.outputs)];
    const sentences = described.map(({ description = '' }) => description.trim().split(/(?<=\.)\s+/));
    expect(sentences.filter(list => new Set(list).size < list.length)).toEqual([]);
  });

  it('has the outputs that were promised', () => {
    expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining([...(PROMISED_OUTPUTS[name] ?? [])]));
  });

  it('is told in its README, with permissions and an example', () => {
    for (const entry of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(readme).toContain(`**\`${entry}\`**`);
    expect(readme).toMatch(/^## Permissions$/m);
    expect(readme).toContain(
      folder === '.' ? 'uses: slipway-dev/slipway@v1' : `uses: slipway-dev/slipway/${folder}@v1`,
    );
  });

  it('has an example that can be pasted: what its expressions name is in it', () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
    const named = [...example.matchAll(/\$\{\{[^}]*\b(inputs|matrix|needs)\./g)].map(
      ([, context]) => context,
    );
    expect(named.filter(context => !new RegExp(`^ *${context}:`, 'm').test(example))).toEqual([]);
  });
});
