import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A file below some src/ folder, with what it imports. */
export interface Source {
  /** packages/core, actions/deploy, testbed … */
  readonly owner: string;
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: `@slipway/core`, `./errors.ts`. */
  readonly from: string;
  /** `import type`, which is gone when the program runs. */
  readonly typeOnly: boolean;
  /** `await import()`, read when it is reached. */
  readonly lazy: boolean;
}

const STATIC = /^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm;
const LAZY = /\bimport\(\s*'([^']+)'\s*\)/g;

/** All that is shipped. */
export function readSources(): Source[] {
  return ['packages', 'actions'].flatMap(folder =>
    readdirSync(join(ROOT, folder)).flatMap(name => sourcesOf(`${folder}/${name}`)),
  );
}

/** The sources of one package. @param owner its folder */
export function sourcesOf(owner: string): Source[] {
  return filesOf(owner, 'src');
}

/** All TypeScript of a folder, tests and tools included, without what is generated or installed. */
export function filesOf(owner: string, below = ''): Source[] {
  const directory = join(ROOT, owner, below);
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .filter(({ parentPath }) => !/\/(?:node_modules|lib)(?:\/|$)/.test(relative(ROOT, parentPath)))
    .map(entry => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8');
      return { owner, path: relative(ROOT, path), text, imports: importsOf(text) };
    });
}

function importsOf(text: string): Import[] {
  const imports = [...text.matchAll(STATIC)].map(([, type, from = '']) => ({
    from,
    typeOnly: type !== undefined,
    lazy: false,
  }));
  return [
    ...imports,
    ...[...text.matchAll(LAZY)].map(([, from = '']) => ({ from, typeOnly: false, lazy: true })),
  ];
}

/** Paths of the files that a source needs to be loaded, so neither types nor lazy imports. */
export function loadedFiles(source: Source): string[] {
  return source.imports
    .filter(({ from, typeOnly, lazy }) => from.startsWith('.') && !typeOnly && !lazy)
    .map(({ from }) => join(dirname(source.path), from));
}

/**
 * The imports between what a folder contains directly, its subfolders and files, for each folder of each package. Types count
 * between subfolders; a file beside them may have types that all of them share.
 */
export function folderEdges(sources: readonly Source[]): ReadonlyMap<string, ReadonlyMap<string, string[]>> {
  const folders = new Map<string, Map<string, string[]>>();
  for (const { path, imports } of sources)
    for (const { from, typeOnly } of imports) {
      if (!from.startsWith('.')) continue;
      const [source, target] = [path.split('/'), join(dirname(path), from).split('/')];
      const depth = source.findIndex((step, index) => step !== target[index]);
      const [entry = '', needed = ''] = [source[depth], target[depth]];
      if (depth < 0 || (typeOnly && (entry.endsWith('.ts') || needed.endsWith('.ts')))) continue;
      const folder = source.slice(0, depth).join('/');
      const edges = folders.get(folder) ?? new Map<string, string[]>();
      folders.set(folder, edges.set(entry, [...(edges.get(entry) ?? []), needed]));
    }
  return folders;
}

/** The first cycle that is found, as the names on it; empty without one. */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): string[] => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return [];
    done.add(node);
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...trail, node]);
      if (cycle.length > 0) return cycle;
    }
    return [];
  };
  for (const node of edges.keys()) {
    const cycle = visit(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
