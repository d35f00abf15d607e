import { formatProblem, quote, SlipwayError } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { folderOf, lastOf, nameFrom, stageOf } from '../names/names.ts';
import type { Remark } from '../proposal/contribution.ts';
import type { Candidate, Environment } from './candidate.ts';
import { isBelow, type Shapes, type Unreadable } from './shapes.ts';

/** Folders that hold nothing but manifests, so that those below them belong together. */
const KNOWN = /^(?:k8s|kube|kubernetes|manifests?|deploy|deployments?|kubectl|yaml|yamls|infra|ops)$/i;

/** Whether a folder has a name that folders of manifests have. */
export function isManifestFolder(name: string): boolean {
  return KNOWN.test(name);
}

/** Folders of plain manifests, with an environment for each that is named after one; none where nothing can be read. */
export async function plainCandidate(shapes: Shapes, files: RepositoryFiles): Promise<Candidate> {
  const { readable, remarks } = await readableOf(shapes.plain, files);
  if (readable.length === 0)
    return {
      label: '',
      environments: [],
      remarks: [...remarks, ...unreadableRemarks(shapes.unreadable, [])],
    };
  const roots = rootsOf(readable);
  return {
    label: roots.map(root => (files.has(root) ? root : `${root}/`)).join(', '),
    environments: environmentsOf(roots, readable, shapes, files),
    remarks: [
      ...remarks,
      ...otherRemarks(shapes.others, roots),
      ...unreadableRemarks(shapes.unreadable, roots),
    ],
  };
}

/** Files that are YAML; a template is not, and is left out by name. */
async function readableOf(
  paths: readonly string[],
  files: RepositoryFiles,
): Promise<{ readable: string[]; remarks: Remark[] }> {
  const [readable, remarks]: [string[], Remark[]] = [[], []];
  for (const path of paths) {
    const problem = problemOf((await files.readText(path)) ?? '', path);
    if (problem === undefined) readable.push(path);
    else remarks.push(problem);
  }
  return { readable, remarks };
}

function problemOf(text: string, path: string): Remark | undefined {
  try {
    parseDocuments(text, path);
    return undefined;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const [{ at, message }] = error.problems;
    const isTemplate = /\{\{|\{%|<%/.test(text);
    return {
      kind: 'template',
      at: at ?? { path, line: 1, column: 1 },
      message: isTemplate
        ? 'the manifest is a template of another program, so it is left out'
        : `the manifest cannot be read, so it is left out: ${formatProblem({ code: '', message })}`,
      remedy: isTemplate
        ? 'commit what the program makes of it, or write a stencil'
        : 'fix it, and call slipway init again',
    };
  }
}

/** The nearest folders that have all manifests; a file of the root is named by itself. */
function rootsOf(paths: readonly string[]): string[] {
  const found = paths.map(path => {
    const folders = folderOf(path).split('/');
    const known = folders.findIndex(folder => KNOWN.test(folder));
    if (known >= 0) return folders.slice(0, known + 1).join('/');
    return folderOf(path) === '' ? path : folderOf(path);
  });
  const distinct = [...new Set(found)];
  return distinct.filter(root => !distinct.some(other => other !== root && isBelow(root, other))).sort();
}

/** Folders directly below a root that are named after environments make one each, with all that is beside them. */
function environmentsOf(
  roots: readonly string[],
  readable: readonly string[],
  shapes: Shapes,
  files: RepositoryFiles,
): Environment[] {
  const stages = readable.flatMap(path => {
    const root = roots.find(one => isBelow(path, one)) ?? '';
    const [folder = ''] = path.slice(root.length + 1).split('/');
    return path.slice(root.length + 1).includes('/') && stageOf(folder) !== undefined
      ? [`${root}/${folder}`]
      : [];
  });
  const folders = [...new Set(stages)];
  const names = [...new Set(folders.map(lastOf))];
  const left = leftOut(roots, readable, shapes, files);
  if (names.length === 0) return [{ name: undefined, from: roots[0] ?? '', sources: sourcesOf(roots, left) }];
  return names.map(name => ({
    name: nameFrom(name),
    from: folders.find(folder => lastOf(folder) === name) ?? name,
    sources: sourcesOf(roots, [...left, ...folders.filter(folder => lastOf(folder) !== name)]),
  }));
}

/** What is below the roots and is not a manifest, in the order of its paths. */
function leftOut(
  roots: readonly string[],
  readable: readonly string[],
  shapes: Shapes,
  files: RepositoryFiles,
): string[] {
  const inRoots = (path: string): boolean => roots.some(root => isBelow(path, root));
  const known = new Set(readable);
  const nested = [...shapes.kustomizations.keys(), ...shapes.charts, ...shapes.libraries].filter(inRoots);
  const single = files.paths.filter(
    path =>
      /\.(?:ya?ml|json)$/.test(path) &&
      inRoots(path) &&
      !known.has(path) &&
      !nested.some(folder => isBelow(path, folder)),
  );
  return [...nested, ...single, ...files.links.filter(inRoots)].sort();
}

function sourcesOf(roots: readonly string[], exclude: readonly string[]): Environment['sources'] {
  const [first = ''] = roots;
  const name = roots.length === 1 && !/\.(?:ya?ml|json)$/.test(first) ? nameFrom(lastOf(first)) : undefined;
  const excluded = exclude.length === 0 ? {} : { exclude: [...exclude] };
  return { [name ?? 'manifests']: { manifests: { paths: [...roots], ...excluded } } };
}

function otherRemarks(others: readonly string[], roots: readonly string[]): Remark[] {
  return others
    .filter(path => roots.some(root => isBelow(path, root)))
    .map(path => ({
      kind: 'unread',
      at: { path, line: 1, column: 1 },
      message: `${quote(path)} has no objects of Kubernetes, so it is left out`,
    }));
}

/** What is in a folder of manifests, by what is beside it or else by its name. */
function unreadableRemarks(found: readonly Unreadable[], roots: readonly string[]): Remark[] {
  return found
    .filter(
      ({ path }) =>
        roots.some(root => isBelow(path, root)) || folderOf(path).split('/').some(isManifestFolder),
    )
    .map(({ path, message, remedy }) => ({
      kind: 'unread',
      at: { path, line: 1, column: 1 },
      message: `${message}, so it is left out`,
      remedy,
    }));
}
