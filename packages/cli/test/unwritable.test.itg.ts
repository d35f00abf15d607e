import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { git } from '@slipway/testkit/git';

const ROOT = resolve(import.meta.dirname, '../../..');
const PROGRAM = join(ROOT, 'tools/slipway.ts');
const SOURCES = join(ROOT, 'testkit/src/repositories/files/k8s-folder');
/** A user who owns no file here, since root may write everywhere. */
const STRANGER = 65534;

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-unwritable-'));
  chmodSync(home, 0o777);
  folder = join(home, 'shop');
  cpSync(SOURCES, folder, { recursive: true });
  git(folder, 'init', '-q');
});
afterEach(() => {
  for (const path of foldersIn(home)) chmodSync(path, 0o755);
  rmSync(home, { recursive: true });
});

function foldersIn(path: string): string[] {
  chmodSync(path, 0o755);
  const below = readdirSync(path, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return [path, ...below.flatMap(({ name }) => foldersIn(join(path, name)))];
}

function forbid(path: string): void {
  for (const one of foldersIn(path).toReversed()) chmodSync(one, 0o555);
}

function slipway(args: readonly string[], temporary = home) {
  const isRoot = process.getuid?.() === 0;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=slipway-source', PROGRAM, ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary },
      ...(isRoot ? { uid: STRANGER, gid: STRANGER } : {}),
    },
  );
  return { status, stdout, errors: stderr.split('\n').filter(line => line.startsWith('error: ')) };
}

const everything = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => !path.startsWith('.git/'))
    .sort();

describe('where nothing can be written', () => {
  it('init says so in one sentence, and --dry-run shows all the same what it would write', () => {
    forbid(folder);
    const before = everything();
    const { status, stdout, errors } = slipway(['init', '--yes']);
    expect([status, stdout, everything()]).toEqual([2, '', before]);
    expect(errors).toEqual([
      expect.stringMatching(
        /^error: "slipway\.yaml" cannot be written \(EACCES\); nothing was left behind; .*$/,
      ),
    ]);
    expect(slipway(['init', '--dry-run']).status).toBe(0);
  });

  it('init leaves nothing behind where only the last of its folders refuses', () => {
    chmodSync(folder, 0o777);
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    forbid(join(folder, '.github'));
    const before = everything();
    const { status, errors } = slipway(['init', '--yes']);
    expect([status, everything()]).toEqual([2, before]);
    expect(errors).toEqual([expect.stringMatching(/"\.github\/workflows\/[\w-]+\.yml" cannot be written/)]);
  });

  it('workflows and render --output say so, each in one sentence', () => {
    chmodSync(folder, 0o777);
    expect(slipway(['init', '--yes', '--without-workflows']).status).toBe(0);
    forbid(folder);
    const before = everything();
    for (const args of [['workflows'], ['render', '--output', 'rendered']]) {
      const { status, errors } = slipway(args);
      expect([args[0], status, errors.length, everything()]).toEqual([args[0], 2, 1, before]);
      expect(errors[0]).toMatch(/cannot be (?:written|created|made|used)/);
    }
  });

  it('the folder for temporary files is named', () => {
    const temporary = join(home, 'tmp');
    mkdirSync(temporary);
    chmodSync(temporary, 0o555);
    chmodSync(folder, 0o777);
    const { status, errors } = slipway(['init', '--yes'], temporary);
    expect([status, errors]).toEqual([2, [expect.stringContaining('set TMPDIR')]]);
    expect(statSync(temporary).isDirectory()).toBe(true);
  });
});
