import { createReadStream } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Problem, quote, throwIfAny } from '@slipway/core';
import type { BuildErrorCode } from '../error-codes.ts';
import type { Needle } from './needles.ts';
import { searchBytes } from './search.ts';

/**
 * Checks the files that a build exported before someone uploads them: a link out of the folder would upload files of the runner,
 * and a report may contain a build secret.
 * @returns the number of files
 * @throws SlipwayError `export-leads-out`, `secret-in-export` with a problem for each file
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
    message: `the link ${quote(path)} that ${quote(service)} exports leads out of its folder`,
    remedy: 'export the file itself',
  };
}

function holdsSecret(service: string, path: string, secret: string): Problem<BuildErrorCode> {
  return {
    code: 'secret-in-export',
    message: `the file ${quote(path)} that ${quote(service)} exports contains the build secret ${quote(secret)}`,
    remedy: 'change the Dockerfile so that it does not write the secret there',
  };
}
