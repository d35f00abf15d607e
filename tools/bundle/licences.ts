import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * The licences of everything that workspace packages depend on, however deep, by name. ncc's own list holds one chunk's
 * modules only; this one errs on the side of naming too many.
 * @param directories those of the workspace packages
 */
export function licencesOf(directories: readonly string[]): string {
  const found = new Map<string, string>();
  for (const directory of directories) collect(directory, found);
  const names = [...found.keys()].filter(name => found.get(name) !== '').sort();
  return names.map(name => `${name}\n${found.get(name)}`).join('\n');
}

function collect(directory: string, found: Map<string, string>): void {
  for (const name of Object.keys(readManifest(directory).dependencies ?? {})) {
    const dependency = locate(name, directory);
    // Packages of types have no code, and @types/node would bring nothing into a bundle.
    if (dependency === undefined || name.startsWith('@types/')) continue;
    const { version, license } = readManifest(dependency);
    const key = `${name} ${version}`;
    if (found.has(key)) continue;
    // Our own are under the licence of the repository.
    found.set(key, name.startsWith('@slipway/') ? '' : `${license ?? ''}\n${licenceText(dependency)}`);
    collect(dependency, found);
  }
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** As Node resolves it: in the nearest node_modules upwards. */
function locate(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function licenceText(directory: string): string {
  const file = readdirSync(directory)
    .sort()
    .find(name => /^licen[cs]e(?:[.-].*)?$/i.test(name));
  return file === undefined ? '' : readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n');
}
