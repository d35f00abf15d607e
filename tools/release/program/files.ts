import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where a file of the bundle's own is checked against its size: `FILES` of actions/pipeline/src/start.ts. */
const SIZES = /\{(?:"[^"{}]+":[\de]+,?)+\}/g;
/** The names of chunks by their numbers, which tools/bundle/library.ts writes. */
const CHUNKS = /\{(?:\d+:"[\w.-]+\.mjs",?)+\}/g;
const MAIN = 'library/slipway.mjs';
const START = 'start.mjs';

/**
 * Copies what the program needs of the bundle: its entry, and the library without the chunks of the actions and of the runner's toolkit.
 * What is copied has the bytes of `dist/`, but for the list of files in start.mjs.
 * @param dist the whole bundle
 * @param folder which does not exist yet
 */
export function copyProgram(dist: string, folder: string): void {
  const files = programFiles(dist);
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(dist, file), join(folder, file));
  }
  const sizes = Object.fromEntries(files.map(file => [file, statSync(join(dist, file)).size]));
  const start = readFileSync(join(dist, START), 'utf8');
  if (start.match(SIZES)?.length !== 1) throw new Error(`${START} has its list of files in another form`);
  writeFileSync(
    join(folder, START),
    start.replace(SIZES, () => JSON.stringify(sizes)),
  );
}

function programFiles(dist: string): string[] {
  const library = readdirSync(join(dist, 'library')).map(file => `library/${file}`);
  const kept = library.filter(file => !isOfActions(file));
  refuseLost(dist, kept);
  return ['answers.json', 'licenses.txt', 'slipway.js', ...kept].sort();
}

/** Chunks of `actions/` and packages/action-kit, and `@actions/…`, which packages/cli may not import: test/architecture.test.ts. */
function isOfActions(file: string): boolean {
  return /^library\/(?:action|actions)-[\w-]+\.mjs$/.test(file);
}

/** No chunk that is kept may load one that is not; the main file has the code of all, and so all numbers. */
function refuseLost(dist: string, kept: readonly string[]): void {
  const names = chunkNames(readFileSync(join(dist, MAIN), 'utf8'));
  for (const file of kept) {
    if (file === MAIN || !file.endsWith('.mjs')) continue;
    for (const [, number = ''] of readFileSync(join(dist, file), 'utf8').matchAll(/\.e\((\d+)\)/g)) {
      const name = names[number];
      if (name !== undefined && !kept.includes(`library/${name}`))
        throw new Error(`${file} of the program loads ${name}, which is left out of it`);
    }
  }
}

function chunkNames(main: string): Readonly<Record<string, string>> {
  const tables = main.match(CHUNKS) ?? [];
  if (tables.length !== 1) throw new Error(`${MAIN} has the names of its chunks in another form`);
  return JSON.parse(String(tables[0]).replaceAll(/(\d+):/g, '"$1":')) as Record<string, string>;
}
