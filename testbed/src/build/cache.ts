import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './machine.ts';
import type { Part } from './parts.ts';

/** Where built programs are kept: SLIPWAY_TESTBED_CACHE, else the user's cache folder. Never inside the checkout. */
export function cacheFolder(environment: Environment): string {
  const chosen = environment['SLIPWAY_TESTBED_CACHE'];
  if (chosen) return chosen;
  return join(
    environment['XDG_CACHE_HOME'] || join(environment['HOME'] || homedir(), '.cache'),
    'slipway-testbed',
  );
}

/** The folder under the cache that holds a part's programs. Its name changes with anything that changes the programs. */
export async function cacheEntry(part: Part, module: string, goVersion: string): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([part, goVersion, process.arch]));
  for (const file of (await readdir(module, { recursive: true })).sort()) {
    if (!/\.go$|^go\.(mod|sum)$/.test(file)) continue;
    hash.update(`${file}\0`).update(await readFile(join(module, file)));
  }
  return `${part.name}-${part.version}-${hash.digest('hex').slice(0, 12)}`;
}
