import { posix } from 'node:path';
import { decodeText, parseDocument, type YamlDocument } from '@slipway/yaml';
import type { FileSource } from '../../files/file-source.ts';
import { isInline, namedPaths } from './named-paths.ts';

/** https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.8.1/api/konfig/general.go */
const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The kustomization of a folder; undefined if it has none. */
export async function readKustomization(
  files: FileSource,
  folder: string,
): Promise<YamlDocument | undefined> {
  for (const name of FILE_NAMES) {
    const path = posix.join(folder, name);
    const bytes = await files.read(path);
    if (bytes !== undefined) return parseDocument(decodeText(bytes, path), path);
  }
  return undefined;
}

/** A Kustomize directory and all folders and files that it builds on, as far as they exist. */
export async function foldersBelow(files: FileSource, directory: string): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [directory];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path) || path.startsWith('../')) continue;
    found.add(path);
    const folder = path;
    const kustomization =
      (await files.list(folder)).length === 0 ? undefined : await readKustomization(files, folder);
    const named = kustomization === undefined ? [] : namedPaths(kustomization.value);
    const paths = named.filter(({ text, isSetting }) => !isSetting || !isInline(text));
    waiting.push(...paths.map(({ text }) => posix.join(folder, text)));
  }
  return [...found];
}
