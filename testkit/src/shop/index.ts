import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratch } from '../git/repository.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/shop');

/** Changes to files of the example, by path. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

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

/** Replaces a text, which must be there. */
export function replacing(from: string, to: string): (text: string) => string {
  return text => {
    if (!text.includes(from)) throw new Error(`there is no ${from} to replace`);
    return text.replaceAll(from, to);
  };
}
