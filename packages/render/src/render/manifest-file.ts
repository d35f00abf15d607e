import { MANIFESTS_FOLDER } from '../manifests/tree-layout.ts';
import { stencilName } from '../repository/stencil-name.ts';

/**
 * The manifest that a stencil's objects go into. Its name comes from the stencil's file, never from an object, and has no
 * character that a file system, a shell or `kubectl apply -f` could take for anything else.
 * @param directories of the application and of shared folders
 */
export function manifestFile(stencilPath: string, directories: readonly string[]): string {
  const extension = /\.(yml|json)$/.exec(stencilPath)?.[0] ?? '';
  const name = stencilName(stencilPath, directories)
    .replaceAll('/', '-')
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[.-]+/, '_');
  return `${MANIFESTS_FOLDER}/${name}${extension}.yaml`;
}
