import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { parseJson, recordOf } from '../../facts/json.ts';
import { textOf } from '../../facts/searching.ts';

/** What matters of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly developed: Readonly<Record<string, string>>;
  readonly main?: string;
  /** Whether it has an entry for other packages, or a command. */
  readonly isLibrary: boolean;
  /** `pnpm@10.30.0`. */
  readonly packageManager?: string;
  readonly node?: string;
  readonly workspaces: readonly string[];
}

/** Undefined if there is no package.json, or one that is not JSON. */
export async function readManifest(
  files: RepositoryFiles,
  path = 'package.json',
): Promise<Manifest | undefined> {
  const parsed = parseJson(await textOf(files, path));
  if (parsed === undefined) return undefined;
  const record = recordOf(parsed);
  const { workspaces } = record;
  return {
    name: textual(record['name']) ?? '',
    scripts: strings(record['scripts']),
    dependencies: strings(record['dependencies']),
    developed: strings(record['devDependencies']),
    isLibrary: ['main', 'module', 'exports', 'types', 'bin', 'files'].some(key => Object.hasOwn(record, key)),
    ...optional('main', textual(record['main'])),
    ...optional('packageManager', PINNED.exec(textual(record['packageManager']) ?? '')?.[1]),
    ...optional('node', textual(recordOf(record['engines'])['node'])),
    workspaces: list(Array.isArray(workspaces) ? workspaces : recordOf(workspaces)['packages']),
  };
}

/** A manager with its version and perhaps a hash. It becomes a word of a command in a Dockerfile, so nothing else is taken. */
const PINNED = /^([a-z]+@\w[\w.-]*)(?:\+[\w.-]+)?$/;

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

function textual(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function strings(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
