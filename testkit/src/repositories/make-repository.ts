import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { toolPath } from '@slipway/testbed';
import type { TestRepository } from './repository.ts';

const run = promisify(execFile);
const FILES = resolve(import.meta.dirname, 'files');
const MINUTES = 10;

const FUNCTIONS = `set -eu
from_npm() { package=$1; program=$2; shift 2; npm exec --yes --package="$package" -- "$program" "$@"; }
from_pypi() {
  packages=$1; program=$2; shift 2
  environment="$TOOLS/$(printf %s "$packages" | cksum | cut -d' ' -f1)"
  [ -d "$environment" ] || { python3 -m venv "$environment"; "$environment/bin/pip" -q install $packages; }
  PATH="$environment/bin:$PATH" "$program" "$@"
}
`;

/**
 * Makes the repository in the testbed's cache, unless it is there, and returns its folder. It needs the registries of packages that its
 * lines name, and the programs: npm, python3, go, cargo, mvn, mmdebstrap.
 * @throws Error with what the lines printed if one of them fails
 */
export async function makeRepository(repository: TestRepository): Promise<string> {
  const folder = join(cache(), `${repository.name}-${await digest(repository)}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache(), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  const tools = await mkdtemp(join(tmpdir(), 'slipway-tools-'));
  try {
    const options = { cwd: unfinished, env: await surroundings(repository, tools), maxBuffer: 2 ** 26 };
    await run('sh', ['-c', FUNCTIONS + repository.make], { ...options, timeout: MINUTES * 60_000 });
    await rename(unfinished, folder).catch(error => {
      // Another test made the same one meanwhile, and what it has made is as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(tools, { recursive: true, force: true, maxRetries: 5 });
  }
  return folder;
}

function cache(): string {
  const chosen = process.env['SLIPWAY_TESTBED_CACHE'] ?? join(homedir(), '.cache/slipway-testbed');
  return join(chosen, 'repositories');
}

/** No file that a generator writes may name whom Git knows on this machine. */
async function surroundings(
  { name, tools = [] }: TestRepository,
  folder: string,
): Promise<NodeJS.ProcessEnv> {
  const paths = await Promise.all(tools.map(async tool => dirname(await toolPath(tool))));
  return {
    ...process.env,
    PATH: [...paths, process.env['PATH']].join(delimiter),
    FILES: join(FILES, name),
    TOOLS: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    CI: 'true',
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  };
}

async function digest(repository: TestRepository): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(repository)).update(FUNCTIONS);
  const own = join(FILES, repository.name);
  if (!existsSync(own)) return hash.digest('hex').slice(0, 12);
  for (const entry of (await readdir(own, { recursive: true, withFileTypes: true })).filter(one =>
    one.isFile(),
  )) {
    const file = join(entry.parentPath, entry.name);
    hash.update(`${file.slice(own.length)}\0`).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 12);
}
