import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const PROGRAM = resolve(import.meta.dirname, '../../../tools/slipway.ts');
const TERMINAL = resolve(import.meta.dirname, 'support/terminal.py');
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: "redis:8" }] }\n';
const SECONDS = 120;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-terminal-'));
  mkdirSync(join(folder, 'k8s'));
  writeFileSync(join(folder, 'k8s/pod.yaml'), POD);
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Seen {
  readonly screen: string;
  /** Negative for a signal. */
  readonly status: number;
  /** How many answers were never asked for. */
  readonly left: number;
}

/** Types each text once its prompt is on the screen. */
function atTerminal(...steps: readonly (readonly [prompt: string, typed: string])[]): Seen {
  const command = [process.execPath, '--conditions=slipway-source', PROGRAM, 'init'];
  const printed = execFileSync('python3', [TERMINAL, JSON.stringify(steps), ...command], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm', TMPDIR: tmpdir() },
  });
  return JSON.parse(printed) as Seen;
}

const isWritten = (): boolean =>
  existsSync(join(folder, 'slipway.yaml')) || existsSync(join(folder, '.github'));

describe('slipway init at a terminal', () => {
  test(
    'asks with the likely answer first, and again after one that is refused',
    () => {
      const { screen, status, left } = atTerminal(
        ['[1] ', '\r'],
        ['namespace does it run', '2\r'],
        ['images go?', 'Not A Registry\r'],
        ['images go?', 'ghcr.io/acme/shop\r'],
      );
      expect([status, left]).toEqual([0, 0]);
      expect(screen).toMatch(/Where does it run\?\s+1 {2}staging\s+2 {2}production\s/);
      expect(screen).toContain('"Not A Registry" is refused');
      expect(readFileSync(join(folder, 'slipway.yaml'), 'utf8')).toContain('registry: ghcr.io/acme/shop\n');
      expect(readFileSync(join(folder, 'formations/staging.yaml'), 'utf8')).toContain('namespace: default\n');
    },
    SECONDS * 1000,
  );

  test(
    'keeps what is typed ahead, whole lines and the beginning of one',
    () => {
      const { screen, status, left } = atTerminal(
        ['[1] ', '2\r\rNot A Registry\rghcr.io/ac'],
        ['"Not A Registry" is refused', 'me/shop\r'],
      );
      expect([status, left]).toEqual([0, 0]);
      expect(screen.match(/images go\?/g)).toHaveLength(2);
      expect(readFileSync(join(folder, 'slipway.yaml'), 'utf8')).toContain('registry: ghcr.io/acme/shop\n');
      expect(existsSync(join(folder, 'formations/production.yaml'))).toBe(true);
    },
    SECONDS * 1000,
  );

  test.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D, which is not an answer', '\u0004'],
  ])(
    'writes nothing after %s',
    (_, key) => {
      const { status, left } = atTerminal(['[1] ', '\r'], ['namespace', '\r'], ['images go?', key]);
      expect([status === 0, left, isWritten()]).toEqual([false, 0, false]);
    },
    SECONDS * 1000,
  );
});
