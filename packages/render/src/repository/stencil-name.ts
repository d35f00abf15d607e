import { posix } from 'node:path';

/**
 * What patterns call a stencil: `debug/pod` for `apps/shop/stencils/debug/pod.yaml`. Of what is no stencil it is the path
 * from slipway.yaml's folder.
 * @param directories of the application and of shared folders, relative to the workspace
 */
export function stencilName(path: string, directories: readonly string[]): string {
  const name = path.replace(/\.(?:ya?ml|json)$/, '');
  const folders = directories.map(directory => `${posix.join(directory, 'stencils')}/`);
  // One shared folder may lie in another, so the longest says where the stencil belongs.
  const folder = folders.filter(start => name.startsWith(start)).sort((a, b) => b.length - a.length)[0];
  if (folder !== undefined) return name.slice(folder.length);
  const [own = ''] = directories;
  return own !== '' && name.startsWith(`${own}/`) ? name.slice(own.length + 1) : name;
}
