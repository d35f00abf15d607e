import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from '@jest/globals';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/shop');
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Changes to files of the example, by path. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

/** A scratch folder, deleted after the tests. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-render-stencil-'));
  made.push(folder);
  return folder;
}

/** A copy of the example application, with changes. */
export function shopWith(changes: Changes = {}): string {
  const workspace = join(scratch(), 'workspace');
  cpSync(EXAMPLE, workspace, { recursive: true });
  for (const [path, change] of Object.entries(changes)) {
    const file = join(workspace, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, change(readIfAny(file)));
  }
  return workspace;
}

function readIfAny(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function replacing(from: string, to: string): (text: string) => string {
  return text => {
    if (!text.includes(from)) throw new Error(`the example has no ${from}`);
    return text.replaceAll(from, to);
  };
}
