/**
 * Bundles actions with ncc: `npm run bundle` all of them, `npm run bundle -- deploy` one, `npm run bundle -- --check` compares
 * what is committed with what the sources give, byte for byte. The bundle of the root action lies in dist/ at the top.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { minify } from '@swc/core';
import { licencesOf } from './licences.ts';

const root = resolve(import.meta.dirname, '..');
const ncc = createRequire(import.meta.url).resolve('@vercel/ncc/dist/ncc/cli.js');
const ROOT_ACTION = 'pipeline';

const names = readdirSync(join(root, 'actions')).filter(name =>
  existsSync(join(root, 'actions', name, 'src/index.ts')),
);
const check = process.argv.includes('--check');
const chosen = process.argv.slice(2).filter(argument => !argument.startsWith('-'));

function distOf(name: string): string {
  return name === ROOT_ACTION ? join(root, 'dist') : join(root, 'actions', name, 'dist');
}

async function bundle(name: string, output: string): Promise<void> {
  const entry = join(root, 'actions', name, 'lib/index.js');
  execFileSync(process.execPath, [ncc, 'build', entry, '-o', output, '--no-cache', '-q'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  writeFileSync(join(output, 'licenses.txt'), licencesOf(join(root, 'actions', name)));
  for (const file of files(output).filter(path => path.endsWith('.js'))) {
    await shrink(join(output, file));
    refuseLostPaths(output, file);
  }
}

/** ncc takes some calls of `resolve` and `join` for the path of an asset, and rewrites those that are none into one that leads nowhere. */
function refuseLostPaths(output: string, file: string): void {
  const code = readFileSync(join(output, file), 'utf8');
  for (const [, asset = ''] of code.matchAll(/\.ab\s*\+\s*["'`]([^"'`]*)/g))
    if (asset.includes('/') || !existsSync(join(output, asset)))
      throw new Error(
        `ncc took a path for the asset ${JSON.stringify(asset)} in ${file}; build it by a template text`,
      );
}

/**
 * ncc minifies the entry only, not the chunks of lazy imports. Doing it to all of them removes what nothing reaches too:
 * the Kubernetes client's chunk goes from 19.6 MB to 1.4 MB, and is loaded in a third of the time.
 */
async function shrink(path: string): Promise<void> {
  const { code } = await minify(readFileSync(path, 'utf8'), { module: true, compress: true, mangle: true });
  writeFileSync(path, code);
}

function files(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** Paths that are in one of the folders only, or differ. */
function differences(committed: string, rebuilt: string): string[] {
  const all = new Set([...files(committed), ...files(rebuilt)]);
  return [...all].filter(file => {
    const [left, right] = [join(committed, file), join(rebuilt, file)];
    return !existsSync(left) || !existsSync(right) || !readFileSync(left).equals(readFileSync(right));
  });
}

const unknown = chosen.filter(name => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no action ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  process.exit(1);
}
execFileSync(
  process.execPath,
  [join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc'), '-b'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
const scratch = mkdtempSync(join(tmpdir(), 'slipway-bundle-'));
let stale = 0;
for (const name of chosen.length > 0 ? chosen : names) {
  const started = performance.now();
  const built = join(scratch, name);
  await bundle(name, built);
  const changed = differences(distOf(name), built);
  if (check && changed.length > 0) {
    stale += 1;
    console.error(`${relative(root, distOf(name))} does not match the sources: ${changed.join(', ')}`);
  }
  if (!check) {
    rmSync(distOf(name), { recursive: true, force: true });
    cpSync(built, distOf(name), { recursive: true });
  }
  console.log(
    `${name}: ${files(built).length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
}
rmSync(scratch, { recursive: true, force: true });
if (stale > 0) {
  console.error('Run `npm run bundle` and commit what it changes.');
  process.exit(1);
}
