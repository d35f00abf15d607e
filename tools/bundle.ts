/**
 * Bundles all actions and the program into dist/ with ncc: `npm run bundle`. `npm run bundle -- --check` compares dist/ with what the sources give, byte
 * for byte. docs/decisions/0019-one-dist.md says why it has the shape that it has.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { readFlags } from './arguments.ts';
import { entryFile, LIBRARY, programFile, startFile } from './bundle/entries.ts';
import { bundleLibrary } from './bundle/library.ts';
import { licencesOf } from './bundle/licences.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
/** The action that loads all others. */
const PIPELINE = 'pipeline';

/** Writes a whole dist/ to an empty folder. */
async function writeBundle(folder: string): Promise<void> {
  const pipeline = join(root, 'actions', PIPELINE);
  const library = await bundleLibrary(join(root, 'tools/bundle/library-entry.mjs'), 'slipway.js', root);
  mkdirSync(join(folder, LIBRARY));
  for (const [file, source] of library)
    if (file !== 'package.json') writeFileSync(join(folder, LIBRARY, file), source);
  for (const name of readdirSync(join(root, 'actions')))
    writeFileSync(join(folder, `${name}.js`), entryFile(name));
  writeFileSync(join(folder, 'slipway.js'), programFile());
  writeFileSync(join(folder, 'answers.json'), await readFixedAnswers());
  writeFileSync(join(folder, 'licenses.txt'), licencesOf([pipeline, join(root, 'packages/cli')]));
  const sizes = files(folder).map(file => [file, statSync(join(folder, file)).size] as const);
  const start = readFileSync(join(pipeline, 'lib/start.js'), 'utf8');
  writeFileSync(join(folder, 'start.mjs'), await startFile(start, Object.fromEntries(sizes)));
}

/** From the compiled program, as this tool runs before there is one. */
async function readFixedAnswers(): Promise<string> {
  const program = join(root, 'packages/cli/lib/index.js');
  const { fixedAnswers } = (await import(program)) as { fixedAnswers(): object };
  return JSON.stringify(fixedAnswers());
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

function compile(): void {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-b'], { cwd: root, stdio: 'inherit' });
}

/** Puts a folder in the place of dist/ by renaming, so that a process that runs meanwhile never finds half a bundle. */
function replaceDist(built: string, scratch: string): void {
  if (existsSync(dist)) renameSync(dist, join(scratch, 'old'));
  renameSync(built, dist);
}

const { check } = readFlags(
  `npm run bundle               writes dist/
npm run bundle -- --check    says what of dist/ is not what the sources give, and writes nothing`,
  ['check'],
);
compile();
// ncc names modules by their paths from the working directory.
process.chdir(root);
// On the file system of dist/, which is what renaming needs.
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const scratch = mkdtempSync(join(cache, 'slipway-bundle-'));
try {
  const started = performance.now();
  const built = join(scratch, 'dist');
  mkdirSync(built);
  await writeBundle(built);
  const changed = differences(dist, built);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`dist: ${files(built).length} files in ${seconds} s, ${changed.length} changed`);
  if (!check) replaceDist(built, scratch);
  else if (changed.length > 0) {
    console.error(`dist/ does not match the sources: ${changed.join(', ')}`);
    console.error('Run `npm run bundle` and commit what it changes.');
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
