import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.ts';

/** A package of the workspace, as its own files describe it. */
export interface Workspace {
  /** packages/core, actions/deploy, testbed … */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** Names of everything that its package.json asks for at run time. */
  readonly dependencies: readonly string[];
  /** Names of what it may import besides: what it asks for to be compiled, and the tools of the repository, without which neither testbed nor testkit runs. */
  readonly tools: readonly string[];
  /** Folders that its tsconfig.json refers to; undefined if it has none, as nothing compiles it. */
  readonly references: readonly string[] | undefined;
}

export function readWorkspaces(): Workspace[] {
  const folders = ['packages', 'actions'].flatMap(parent =>
    readdirSync(join(ROOT, parent)).map(name => `${parent}/${name}`),
  );
  return [...folders, 'testbed', 'testkit'].map(readWorkspace);
}

function readWorkspace(folder: string): Workspace {
  const { name, version, dependencies = {}, devDependencies = {} } = readJson(`${folder}/package.json`);
  const repository = folder.startsWith('test') ? readJson('package.json').devDependencies : {};
  return {
    folder,
    name,
    version,
    dependencies: Object.keys(dependencies),
    tools: Object.keys({ ...devDependencies, ...repository }),
    references: readReferences(folder),
  };
}

function readReferences(folder: string): string[] | undefined {
  const path = `${folder}/tsconfig.json`;
  if (!existsSync(join(ROOT, path))) return undefined;
  const { references = [] } = readJson(path);
  return references.map((reference: { readonly path: string }) => join(folder, reference.path));
}

/** A row of CONTRIBUTING's table of folders. */
export interface FolderRow {
  /** packages/core, `actions/<name>` … */
  readonly folder: string;
  /** The words of the column *may import*. */
  readonly mayImport: readonly string[];
}

/** The table under *Where things live*. */
export function readFolderTable(): FolderRow[] {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)\/` \|.*\| ([^|]+) \|$/gm)].map(([, folder = '', imports = '']) => ({
    folder,
    mayImport: imports.split(',').map(word => word.trim()),
  }));
}

// biome-ignore lint/suspicious/noExplicitAny: package.json and tsconfig.json are ours.
function readJson(path: string): any {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
