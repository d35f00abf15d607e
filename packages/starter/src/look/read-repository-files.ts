import { type Dirent, readdirSync } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { StarterErrorCode } from '../error-codes.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** Folders that tools fill, with thousands of files that say nothing about the repository. */
const SKIPPED: ReadonlySet<string> = new Set([
  ...['.git', '.hg', '.svn', '.idea', '.vscode', '.vs', '.cache', '.terraform', '.direnv'],
  ...['node_modules', 'bower_components', '.yarn', '.pnpm-store', '.next', '.nuxt', '.svelte-kit', '.turbo'],
  ...['vendor', '.venv', 'venv', '__pycache__', '.tox', '.mypy_cache', '.pytest_cache', '.gradle', '.bundle'],
]);

/** Folders that a tool fills where one of its files is beside them. */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  target: ['Cargo.toml', 'pom.xml'],
  build: ['build.gradle', 'build.gradle.kts'],
};

/** Four times the files that Linux has. */
const MAX_FILES = 300_000;
/** Files that people write and generators write for people; lock files of large projects are larger. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** What a folder holds, while it is walked. */
interface Found {
  readonly paths: string[];
  readonly links: string[];
}

/**
 * Lists the files below a folder of this machine; texts are read when they are asked for.
 * @param root absolute
 * @throws SlipwayError `look-failed` for a folder that cannot be read
 */
export function readRepositoryFiles(root: string, maxFiles = MAX_FILES): RepositoryFiles {
  const found: Found = { paths: [], links: [] };
  const folders = [''];
  // The nearest files first, so that those which are not listed are the deepest.
  for (let next = 0; next < folders.length && found.paths.length < maxFiles; next += 1)
    folders.push(...walk(root, folders[next] ?? '', found));
  const paths = found.paths.slice(0, maxFiles).sort();
  const known = new Set(paths);
  return {
    paths,
    links: found.links.sort(),
    isCut: found.paths.length >= maxFiles,
    has: path => known.has(path),
    ignoredBy: () => undefined,
    readText: async path => (known.has(path) ? await readText(root, path) : undefined),
  };
}

/** Adds the files of a folder, and returns the folders in it. */
function walk(root: string, folder: string, { paths, links }: Found): string[] {
  const entries = entriesOf(root, folder);
  const names = new Set(entries.map(({ name }) => name));
  const folders: string[] = [];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) paths.push(path);
    else if (entry.isSymbolicLink()) links.push(path);
    else if (entry.isDirectory() && !isSkipped(entry.name, names)) folders.push(path);
  }
  return folders;
}

function isSkipped(name: string, beside: ReadonlySet<string>): boolean {
  return (
    SKIPPED.has(name) ||
    (Object.hasOwn(OUTPUTS, name) && (OUTPUTS[name] ?? []).some(file => beside.has(file)))
  );
}

/** Read synchronously, as there is no other work to do meanwhile. */
function entriesOf(root: string, folder: string): Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch (cause) {
    throw lookFailed(folder === '' ? root : folder, 'cannot be read', cause);
  }
}

/** The path has no link in it, as links are not walked; one that replaced the file since then is not followed either. */
async function readText(root: string, path: string): Promise<string | undefined> {
  const bytes = await readBytes(root, path);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function readBytes(root: string, path: string): Promise<Uint8Array> {
  try {
    const file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      if ((await file.stat()).size > MAX_FILE_BYTES)
        throw lookFailed(path, `is larger than ${MAX_FILE_BYTES / 2 ** 20} MiB`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    throw lookFailed(path, 'cannot be read', cause);
  }
}

function lookFailed(path: string, what: string, cause?: unknown): SlipwayError<StarterErrorCode> {
  return new SlipwayError<StarterErrorCode>(
    {
      code: 'look-failed',
      message: `${quote(path)} ${what}`,
      remedy: 'check what it is and its permissions, or call slipway init in a folder without it',
    },
    { cause },
  );
}
