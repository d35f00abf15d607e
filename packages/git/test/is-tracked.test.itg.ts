import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { exec, git, repository, scratch, write } from '@slipway/testkit/git';
import { isTracked } from '../src/index.ts';

const ask = (workspace: string, path: string): Promise<boolean | undefined> =>
  isTracked(join(workspace, path), { exec, workspace, environment: process.env });

it('a file is tracked if it is in the commit or in the index, wherever it is now', async () => {
  const workspace = repository({ 'in/commit': 'x', 'removed from the index': 'x' });
  git(workspace, 'rm', '--cached', '--quiet', 'removed from the index');
  write(workspace, { 'in/index': 'x', 'in neither': 'x', '*': 'x' });
  git(workspace, 'add', 'in/index');
  expect(await ask(workspace, 'in/commit')).toBe(true);
  expect(await ask(workspace, 'in/index')).toBe(true);
  expect(await ask(workspace, 'removed from the index')).toBe(true);
  expect(await ask(workspace, 'in neither')).toBe(false);
  // A name is never a pattern.
  expect(await ask(workspace, '*')).toBe(false);
});

it('outside of a checkout no file is tracked, and where Git fails it is not known', async () => {
  const workspace = scratch();
  expect(await ask(workspace, 'a')).toBe(false);
  mkdirSync(join(workspace, '.git'));
  expect(await ask(workspace, 'a')).toBeUndefined();
});

it('a file that the repository around a repository has is tracked', async () => {
  const workspace = repository({ 'inner/a': 'x' });
  git(dirname(join(workspace, 'inner/a')), 'init', '--quiet');
  expect(await ask(workspace, 'inner/a')).toBe(true);
});
