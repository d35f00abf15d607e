import type { RepositoryFiles } from '../../../look/repository-files.ts';
import type { Program } from '../../facts/program-facts.ts';
import { textOf } from '../../facts/searching.ts';
import { readManifest } from './manifest.ts';
import { recogniseNode } from './node.ts';

/** The programs among the workspaces of a package.json or a pnpm-workspace.yaml, by their folder. */
export async function workspacePrograms(
  files: RepositoryFiles,
): Promise<readonly { readonly workspace: string; readonly program: Program }[]> {
  const patterns = await workspacePatterns(files);
  if (patterns.length === 0) return [];
  const folders = files.paths
    .filter(path => path.endsWith('/package.json'))
    .map(path => path.slice(0, -'/package.json'.length))
    .filter(folder => patterns.some(pattern => pattern.test(folder)));
  const manifests = ['package.json', ...folders.map(folder => `${folder}/package.json`)];
  const found: { workspace: string; program: Program }[] = [];
  for (const workspace of folders) {
    const program = await recogniseNode(files, workspace, manifests);
    if (program !== undefined) found.push({ workspace, program });
  }
  return found;
}

/** https://pnpm.io/pnpm-workspace_yaml: only the list of packages is read here. */
async function workspacePatterns(files: RepositoryFiles): Promise<readonly RegExp[]> {
  const manifest = await readManifest(files);
  if (manifest === undefined) return [];
  const [, listed = ''] =
    /^packages:\s*\n((?:\s+-.*\n?|\s*#.*\n|\s*\n)*)/m.exec(await textOf(files, 'pnpm-workspace.yaml')) ?? [];
  const listedPatterns = [...listed.matchAll(/^\s+-\s*['"]?([^'"#\n]+?)['"]?\s*$/gm)].map(
    ([, one = '']) => one,
  );
  return [...manifest.workspaces, ...listedPatterns]
    .filter(pattern => !pattern.startsWith('!'))
    .map(toExpression);
}

/** `apps/*`, `packages/**`. */
function toExpression(pattern: string): RegExp {
  const parts = pattern
    .replace(/^\.\//, '')
    .replace(/\/$/, '')
    .split(/(\*\*|\*)/);
  const source = parts.map(part =>
    part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`);
}
