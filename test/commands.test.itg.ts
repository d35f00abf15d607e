import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from './support/sources.ts';

let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'slipway-commands-test-'));
  for (const file of ['test.sh', 'demo.sh', 'tools/install.sh']) cpSync(join(ROOT, file), join(clone, file));
});
afterAll(() => rmSync(clone, { recursive: true }));

function run(folder: string, program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the commands of a clean clone', () => {
  it.each(['./test.sh', './demo.sh'])('say how they are used before anything is installed: %s', command => {
    const { status, stdout } = run(clone, command, '--help');
    expect([status, stdout]).toEqual([0, expect.stringContaining(`Usage: ${command} [`)]);
    expect(readdirSync(clone).sort()).toEqual(['demo.sh', 'test.sh', 'tools']);
  });

  it('list every check with what it holds', () => {
    const source = readFileSync(join(ROOT, 'tools/check.ts'), 'utf8');
    const checks = [...source.matchAll(/name: '([a-z]+)',\s*what: '([^']+)'/g)];
    expect(checks.length).toBeGreaterThan(5);
    const lines = checks.map(([, name = '', what]) => `  ${name.padEnd(12)}${what}`);
    expect(
      run(clone, './test.sh', '--help')
        .stdout.split('\n')
        .filter(line => line.startsWith('  ')),
    ).toEqual(lines);
  });
});

describe('the tools that write files', () => {
  const tools = ['tools/bundle.ts', 'tools/generate-docs.ts'];

  it.each(tools)('write nothing for an argument that they do not know: %s', tool => {
    const { status, stdout, stderr } = run(
      ROOT,
      process.execPath,
      '--conditions=slipway-source',
      tool,
      '--chekc',
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("Unknown option '--chekc'");
    expect(stderr).toContain('npm run');
  });

  it.each(tools)('say how they are used: %s', tool => {
    const { status, stdout } = run(ROOT, process.execPath, '--conditions=slipway-source', tool, '--help');
    expect([status, stdout]).toEqual([0, expect.stringContaining('-- --check')]);
  });
});
