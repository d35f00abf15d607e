import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chunkName, type RootModule, refuseEqualNames } from './chunk-names.ts';
import { minifyBundle } from './minify.ts';

/** Files by their names. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** The part of ncc's interface, which has no types, that is used here. */
type Ncc = (
  entry: string,
  options: {
    readonly cache: false;
    readonly quiet: true;
    readonly filename: string;
    readonly filterAssetBase: string;
  },
) => Promise<{
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: string | Uint8Array }>>;
  readonly stats: { readonly compilation: Compilation };
}>;

/** The part of webpack's compilation that says which modules a chunk was made for. */
interface Compilation {
  readonly chunks: Iterable<Chunk>;
  readonly chunkGraph: { getChunkRootModules(chunk: Chunk): Iterable<Module> };
}

interface Chunk {
  readonly id: number;
  readonly files: Iterable<string>;
}

interface Module {
  readonly rawRequest?: string;
  /** The first of several modules that were joined. */
  readonly rootModule?: Module;
  nameForCondition(): string | null;
}

const ncc = createRequire(import.meta.url)('@vercel/ncc') as Ncc;

/** Node takes these for modules without a package.json, which could be missing or cut short like any file. */
const MODULE = '.mjs';

/** What webpack's runtime says of the names of chunks, in code that is not minified. */
const NAME_OF_CHUNK = /return "" \+ chunkId \+ "\.[\w.]+";/;

/**
 * Bundles an entry with all that it imports.
 *
 * @param entry absolute path of the compiled entry
 * @param main the name for ncc of the file that exports what the entry exports, which becomes `slipway.mjs` for `slipway.js`
 * @param base absolute path of the folder whose files may become assets
 * @returns the main file, chunks under names that do not change with their content, assets, and ncc's package.json
 */
export async function bundleLibrary(entry: string, main: string, base: string): Promise<Files> {
  const { code, assets, stats } = await ncc(entry, {
    cache: false,
    quiet: true,
    filename: main,
    filterAssetBase: base,
  });
  const names = namesOfChunks(stats.compilation, main);
  const files = new Map<string, string | Uint8Array>();
  for (const [file, { source }] of Object.entries(assets)) files.set(names.get(file)?.file ?? file, source);
  files.set(asModule(main), withNames(code, names));
  for (const [file, source] of files)
    if (file.endsWith(MODULE)) files.set(file, await minifyBundle(String(source)));
  refuseLostPaths(files);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function asModule(file: string): string {
  return file.replace(/\.js$/, MODULE);
}

interface ChunkFile {
  readonly id: number;
  readonly file: string;
}

/** The new names of ncc's chunks by the old ones. */
function namesOfChunks({ chunks, chunkGraph }: Compilation, main: string): Map<string, ChunkFile> {
  const names = new Map<string, ChunkFile>();
  for (const chunk of chunks)
    for (const file of chunk.files) {
      if (file === main) continue;
      const roots = [...chunkGraph.getChunkRootModules(chunk)].map(rootModule);
      names.set(file, { id: chunk.id, file: `${chunkName(roots)}${MODULE}` });
    }
  refuseEqualNames([asModule(main), ...[...names.values()].map(({ file }) => file)]);
  return names;
}

function rootModule(module: Module): RootModule {
  const { rawRequest } = module.rootModule ?? module;
  const path = module.nameForCondition();
  if (path === null || rawRequest === undefined)
    throw new Error('ncc made a chunk for a module without a file');
  return { request: rawRequest, packageName: packageOf(path) };
}

function packageOf(path: string): string {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const name = nameIn(join(folder, 'package.json'));
    if (name !== undefined) return name;
  }
  throw new Error(`${path} belongs to no package`);
}

/** Packages have further files of that name inside, which hold only a type. */
function nameIn(manifest: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}

/** Puts the new names into the one statement of the code that has the old ones. */
function withNames(code: string, names: ReadonlyMap<string, ChunkFile>): string {
  const table = Object.fromEntries([...names.values()].map(({ id, file }) => [id, file]));
  if (code.match(new RegExp(NAME_OF_CHUNK, 'g'))?.length !== 1)
    throw new Error('ncc writes the names of chunks in another way than tools/bundle/library.ts expects');
  return code.replace(NAME_OF_CHUNK, () => `return ${JSON.stringify(table)}[chunkId];`);
}

/** ncc takes some calls of `resolve` and `join` for the path of an asset and rewrites them into a path that does not exist. */
function refuseLostPaths(files: Files): void {
  for (const [file, source] of files) {
    if (!file.endsWith(MODULE)) continue;
    for (const [, asset = ''] of String(source).matchAll(/\.ab\s*\+\s*["'`]([^"'`]*)/g))
      if (asset.includes('/') || !files.has(asset))
        throw new Error(
          `ncc took a path for the asset ${JSON.stringify(asset)} in ${file}; build the path with a template literal`,
        );
  }
}
