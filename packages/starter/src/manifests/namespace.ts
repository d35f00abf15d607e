import type { ManifestSources } from '@slipway/core';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { isBelow } from './shapes.ts';

export const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The namespace that most manifests of some sources name; undefined if none does. */
export async function namespaceIn(
  sources: ManifestSources,
  files: RepositoryFiles,
): Promise<string | undefined> {
  const paths = Object.values(sources).flatMap(source => {
    const { kustomize, manifests } = source;
    if (kustomize?.directory !== undefined) return inFolder(kustomize.directory, files);
    const { paths: roots = [], exclude = [] } = manifests ?? {};
    return files.paths.filter(
      path =>
        roots.some(root => path === root || isBelow(path, root)) &&
        !exclude.some(left => path === left || isBelow(path, left)),
    );
  });
  const counts = new Map<string, number>();
  for (const path of paths.filter(one => /\.ya?ml$/.test(one)))
    for (const [, name = ''] of ((await files.readText(path)) ?? '').matchAll(
      /(?:^(?: {2})?|[{,][ \t]*)namespace:[ \t]*["']?([^\s"'#,}]+)/gm,
    ))
      if (NAMESPACE.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

function inFolder(folder: string, { paths }: RepositoryFiles): readonly string[] {
  return ['kustomization.yaml', 'kustomization.yml']
    .map(name => (folder === '.' ? name : `${folder}/${name}`))
    .filter(path => paths.includes(path));
}
