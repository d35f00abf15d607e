import { MANIFESTS_FOLDER } from '../manifests/tree-layout.ts';

/**
 * The manifest that a stencil's objects go into. Its name comes from the stencil's file, never from an object, and has no character that
 * is special to a file system, a shell or `kubectl apply -f`.
 * @param name the path below stencils/ without extension
 * @param path the path of the stencil
 */
export function manifestFile(name: string, path: string): string {
  const extension = /\.(yml|json)$/.exec(path)?.[0] ?? '';
  const safe = name
    .replaceAll('/', '-')
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[.-]+/, '_');
  return `${MANIFESTS_FOLDER}/${safe}${extension}.yaml`;
}
