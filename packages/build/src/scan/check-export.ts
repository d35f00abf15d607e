import { createReadStream } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Problem, quote, throwIfAny } from '@slipway/core';
import type { BuildErrorCode } from '../error-codes.ts';
import type { Needle } from './needles.ts';
import { searchBytes } from './search.ts';

/**
 * Looks at what a build wrote to a folder before somebody uploads it: links that lead out of it would take files of the runner
 * along, and a build secret may have ended up in a report.
 * @returns how many files there are
 * @throws SlipwayError `export-leads-out`, `secret-in-export` with every place
 */
export async function checkExport(
  service: string,
  folder: string,
  needles: readonly Needle[],
): Promise<number> {
  const root = await realpath(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const problems: Problem<BuildErrorCode>[] = [];
  let files = 0;
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const shown = relative(root, path);
    if (entry.isSymbolicLink() && !(await staysWithin(root, path))) problems.push(leadsOut(service, shown));
    if (!entry.isFile()) continue;
    files += 1;
    for (const secret of await searchBytes(createReadStream(path), needles))
      problems.push(holdsSecret(service, shown, secret));
  }
  throwIfAny(problems);
  return files;
}

async function staysWithin(root: string, link: string): Promise<boolean> {
  const end = await realpath(link).catch(() => undefined);
  return end?.startsWith(root + sep) === true;
}

function leadsOut(service: string, path: string): Problem<BuildErrorCode> {
  return {
    code: 'export-leads-out',
    message: `the link ${quote(path)} that ${quote(service)} exports leads to nothing within its folder`,
    remedy: 'export the file itself',
  };
}

function holdsSecret(service: string, path: string, secret: string): Problem<BuildErrorCode> {
  return {
    code: 'secret-in-export',
    message: `the file ${quote(path)} that ${quote(service)} exports holds the build secret ${quote(secret)}`,
    remedy: 'let the Dockerfile not write it there',
  };
}
