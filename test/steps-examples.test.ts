import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseFormation, parseStrategy, stepsOf } from '@slipway/core';
import { parseDocument } from '@slipway/yaml';
import { ROOT } from './support/sources.ts';

const files = globSync('examples/steps/formations/*.yaml', { cwd: ROOT }).sort();
const page = readFileSync(join(ROOT, 'docs/progress.md'), 'utf8');

describe('the strategies that are shown', () => {
  it('are a canary and blue/green', () => {
    expect(files.map(file => file.replace(/.*\//, ''))).toEqual(['blue-green.yaml', 'canary.yaml']);
  });

  it.each(files)('%s is taken as it is', file => {
    const { spec } = parseFormation(parseDocument(readFileSync(join(ROOT, file), 'utf8'), file));
    expect(stepsOf(spec.strategy)?.steps.length).toBeGreaterThan(1);
  });

  const lists = [...page.matchAll(/`(\[\{weight: .*?\}\])`/g)].map(([, list = '']) => list);

  it('are in the page for each form', () => {
    expect(lists).toHaveLength(3);
  });

  it.each(lists)('are taken as the page has them, but for who looks at more than a tenth: %s', list => {
    const strategy = parseDocument(`steps: ${list}`, 'page.yaml');
    expect(() => parseStrategy(strategy)).not.toThrow();
  });
});
