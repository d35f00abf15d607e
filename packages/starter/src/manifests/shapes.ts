import { quote, SlipwayError } from '@slipway/core';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { folderOf, isSample, lastOf } from '../names/names.ts';

/** What a repository has of manifests, by how they are applied. */
export interface Shapes {
  /** Folders with a Chart.yaml that are in no other chart. */
  readonly charts: readonly string[];
  /** Such folders whose chart is one of `type: library`, which are not among the charts. */
  readonly libraries: readonly string[];
  /** Folders with a kustomization.yaml, by the path of that file. */
  readonly kustomizations: ReadonlyMap<string, string>;
  /** Files with objects of Kubernetes that no chart and no kustomization has. */
  readonly plain: readonly string[];
  /** YAML files beside them that are something else, such as values. */
  readonly others: readonly string[];
  /** Files with the names of manifests that cannot be read as text. */
  readonly unreadable: readonly Unreadable[];
  /** What Git ignores and has manifests, each with the first of them. */
  readonly ignored: ReadonlyMap<string, string>;
  /** Compose files. */
  readonly compose: readonly string[];
}

const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;
const COMPOSE = /^(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml$/;
/** Slipway's own folders; config/ may be that of another program. */
const OWN = /^(?:stencils|formations|policies)\//;

/** A file that is not text in UTF-8, such as what PowerShell's `>` writes, or is too large. */
export interface Unreadable {
  readonly path: string;
  /** The whole clause, with the path. */
  readonly message: string;
  readonly remedy: string;
}

/** Finds manifests by the names of files and by their first keys, without parsing them. */
export async function shapesOf(files: RepositoryFiles): Promise<Shapes> {
  const present = files.paths.filter(path => !isSample(path));
  // Stencils are made of a compose file, and no job reads it.
  const isKept = (path: string): boolean => files.ignoredBy(path) === undefined || COMPOSE.test(lastOf(path));
  const paths = present.filter(isKept);
  const folders = paths.filter(path => lastOf(path) === 'Chart.yaml').map(folderOf);
  const all = folders.filter(folder => !folders.some(other => other !== folder && isBelow(folder, other)));
  const [charts, libraries] = await byType(all, files);
  const outside = paths.filter(path => !all.some(chart => isBelow(path, chart)));
  const kustomizations = new Map(
    outside.filter(path => KUSTOMIZATION.test(lastOf(path))).map(path => [folderOf(path), path]),
  );
  const compose = outside.filter(path => COMPOSE.test(lastOf(path)));
  const roots = [...kustomizations.keys()];
  const isLoose = (path: string): boolean =>
    /\.(?:ya?ml|json)$/.test(path) &&
    !OWN.test(path) &&
    !compose.includes(path) &&
    !roots.some(folder => isBelow(path, folder));
  const loose = await sorted(outside.filter(isLoose), files);
  const ignored = await ignoredIn(
    present.filter(path => !isKept(path)),
    files,
  );
  return { charts, libraries, kustomizations, ...loose, ignored, compose };
}

/** Files of charts, by their names. */
const NAMED = /^(?:Chart|values[.-][\w-]+)\.ya?ml$/;

async function ignoredIn(paths: readonly string[], files: RepositoryFiles): Promise<Map<string, string>> {
  const isManifest = (path: string): boolean => /\.(?:ya?ml|json)$/.test(path) && !OWN.test(path);
  const { plain } = await sorted(paths.filter(isManifest), files);
  const named = paths.filter(path => NAMED.test(lastOf(path)) || KUSTOMIZATION.test(lastOf(path)));
  const found = [...plain, ...named].map(path => [files.ignoredBy(path) ?? path, path] as const);
  // The first one of each is the last that is set.
  return new Map(found.toReversed());
}

async function byType(
  folders: readonly string[],
  files: RepositoryFiles,
): Promise<[charts: string[], libraries: string[]]> {
  const [charts, libraries]: [string[], string[]] = [[], []];
  for (const folder of folders) {
    const path = folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`;
    const text = (await files.readText(path).catch(() => undefined)) ?? '';
    (/^type:[ \t]*["']?library\b/m.test(text) ? libraries : charts).push(folder);
  }
  return [charts, libraries];
}

/** Whether a path is in a folder; everything is in the empty one. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

async function sorted(
  paths: readonly string[],
  files: RepositoryFiles,
): Promise<Pick<Shapes, 'plain' | 'others' | 'unreadable'>> {
  const [plain, others, unreadable]: [string[], string[], Unreadable[]] = [[], [], []];
  for (const path of paths) {
    if (/(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*|composer)\.json$/.test(path)) continue;
    const text = await readOrReason(path, files);
    if (typeof text !== 'string') unreadable.push(text);
    else (hasObjects(text) ? plain : others).push(path);
  }
  return { plain, others, unreadable };
}

async function readOrReason(path: string, files: RepositoryFiles): Promise<string | Unreadable> {
  try {
    const text = await files.readText(path);
    if (text !== undefined) return text;
    const remedy = 'write it in UTF-8, and call slipway init again';
    return { path, message: `${quote(path)} is not text in UTF-8`, remedy };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const remedy = 'check its size and its permissions, and call slipway init again';
    return { path, message: error.problems[0].message, remedy };
  }
}

/** Files with a version and a kind that are for a program and not for a cluster. */
const NOT_APPLIED =
  /apiVersion["']?:[ \t]*["']?(?:slipway\.dev|skaffold|backstage\.io|kind\.x-k8s\.io|kubeadm\.k8s\.io|k3d\.io|ctlptl\.dev|tilt\.dev|devspace\.sh|kubelet\.config\.k8s\.io)\b/;

function hasObjects(text: string): boolean {
  if (NOT_APPLIED.test(text)) return false;
  // `{{` and `{%` begin a template.
  const isFlow = /^\s*(?:\[|\{(?![{%]))/.test(text);
  // Editors of Windows begin a file with a byte order mark, which YAML allows.
  return isFlow
    ? /\bapiVersion["']?\s*:/.test(text) && /\bkind["']?\s*:/.test(text)
    : /^\ufeff?["']?apiVersion["']?\s*:\s/m.test(text) && /^\ufeff?["']?kind["']?\s*:\s/m.test(text);
}
