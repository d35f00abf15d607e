import { posix } from 'node:path';

/**
 * The name of a stencil in patterns: `debug/pod` for `apps/shop/stencils/debug/pod.yaml`. For another file it is the path from the
 * folder of slipway.yaml.
 * @param directories the application's and those of shared folders, relative to the workspace
 */
export function stencilName(path: string, directories: readonly string[]): string {
  const name = path.replace(/\.(?:ya?ml|json)$/, '');
  const folders = directories.map(directory => `${posix.join(directory, 'stencils')}/`);
  // A shared folder may be inside another, so the longest match is the one that the stencil belongs to.
  const folder = folders.filter(start => name.startsWith(start)).sort((a, b) => b.length - a.length)[0];
  if (folder !== undefined) return name.slice(folder.length);
  const [own = ''] = directories;
  return own !== '' && name.startsWith(`${own}/`) ? name.slice(own.length + 1) : name;
}
