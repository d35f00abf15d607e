import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorEntry } from '@slipway/core';
import { ROOT } from './sources.ts';

export interface ExplainedCode {
  /** packages/core, actions/deploy … */
  readonly owner: string;
  readonly code: string;
  readonly entry: ErrorEntry;
}

/** What every `error-codes.ts` says, in no particular order. A code that two packages share is there twice. */
export async function readExplainedCodes(): Promise<ExplainedCode[]> {
  const owners = ['packages', 'actions'].flatMap(folder =>
    readdirSync(join(ROOT, folder)).map(name => `${folder}/${name}`),
  );
  const found: ExplainedCode[] = [];
  for (const owner of owners) {
    const path = join(ROOT, owner, 'src/error-codes.ts');
    if (!existsSync(path)) continue;
    const exports: Readonly<Record<string, Readonly<Record<string, ErrorEntry>>>> = await import(path);
    for (const errors of Object.values(exports))
      for (const [code, entry] of Object.entries(errors)) found.push({ owner, code, entry });
  }
  return found;
}
