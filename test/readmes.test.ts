import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './support/sources.ts';

const packages = readdirSync(join(ROOT, 'packages')).sort();
const contributing = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

describe('the README of a package', () => {
  it.each(packages)('names functions that exist and the imports that CONTRIBUTING allows: %s', name => {
    const folder = join(ROOT, 'packages', name);
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const face = readFileSync(join(folder, 'src/index.ts'), 'utf8');
    const functions = [...readme.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) => namesIn(cell));
    expect(functions).not.toEqual([]);
    expect(functions.filter(known => !new RegExp(`\\b${known}\\b`).test(face))).toEqual([]);
    expect(/\*\*May import\*\*: (.*)\.$/m.exec(readme)?.[1]).toBe(allowedImports(name));
  });

  it.each(readdirSync(join(ROOT, 'actions')))('exists for the action %s too', name => {
    expect(existsSync(join(ROOT, 'actions', name, 'README.md'))).toBe(true);
  });
});

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}

function allowedImports(name: string): string | undefined {
  const row = contributing.split('\n').find(line => line.startsWith(`| \`packages/${name}/\` |`));
  return row?.split('|').at(-2)?.trim();
}
