import { posix } from 'node:path';
import { isJsonObject, type JsonValue } from '@slipway/core';
import { parseDocument } from '@slipway/yaml';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { lastOf, nameFrom } from '../names/names.ts';
import type { Candidate, Environment } from './candidate.ts';
import type { Shapes } from './shapes.ts';

/** An environment for each kustomization that no other one builds on; undefined if there is none. */
export async function kustomizeCandidate(
  { kustomizations }: Shapes,
  files: RepositoryFiles,
): Promise<Candidate | undefined> {
  const used = new Set<string>();
  for (const [folder, path] of kustomizations)
    for (const named of await namedBy(path, files)) used.add(posix.join(folder, named));
  const overlays = [...kustomizations.keys()].filter(folder => !used.has(folder === '' ? '.' : folder));
  if (overlays.length === 0) return undefined;
  return {
    label: overlays.map(folder => `${folder === '' ? '.' : folder}/kustomization.yaml`).join(', '),
    environments: overlays.map(folder => environmentOf(folder, overlays.length)),
    remarks: [],
  };
}

function environmentOf(folder: string, count: number): Environment {
  const name = count === 1 && !/(?:^|\/)overlays\//.test(folder) ? undefined : nameFrom(lastOf(folder));
  const directory = folder === '' ? '.' : folder;
  return { name, from: directory, sources: { manifests: { kustomize: { directory } } } };
}

/** What a kustomization builds on; what is wrong with it is said when it is rendered. */
async function namedBy(path: string, files: RepositoryFiles): Promise<string[]> {
  const value = valueIn((await files.readText(path)) ?? '', path);
  if (!isJsonObject(value)) return [];
  const lists = ['resources', 'bases', 'components'].map(key => value[key]);
  return lists
    .flatMap(list => (Array.isArray(list) ? list : []))
    .filter(one => typeof one === 'string') as string[];
}

function valueIn(text: string, path: string): JsonValue {
  try {
    return parseDocument(text, path).value;
  } catch {
    return null;
  }
}
