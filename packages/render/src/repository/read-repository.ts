import { dirname, isAbsolute, posix, relative, sep } from 'node:path';
import {
  type Application,
  formatPosition,
  isJsonObject,
  Problems,
  parseApplication,
  quote,
  type SourceDocument,
} from '@slipway/core';
import type { YamlDocument } from '@slipway/yaml';
import { type FileSource, filesBelow, outside } from '../files/file-source.ts';
import { objectDocuments } from '../files/list-objects.ts';
import { DocumentReader } from '../files/read-documents.ts';
import { AddressTable } from '../values/address-table.ts';
import { type Configs, joinConfigs, readConfigs } from './read-configs.ts';
import { declaredDestinations, readFormations, withDestinations, withInstances } from './read-formations.ts';
import type { FormationFile, Repository } from './repository.ts';
import { type SharedFolder, sharedFolders } from './shared-folders.ts';
import { spawningProblems } from './spawn-errors.ts';
import { stencilName } from './stencil-name.ts';

export interface RepositoryOptions {
  /** Absolute; nothing outside of it is read. */
  readonly workspace: string;
  /** Path of slipway.yaml, relative to the workspace. All other files are found beside it. */
  readonly application: string;
}

/** @throws SlipwayError with the problems of all files at once */
export async function readRepository({ workspace, application }: RepositoryOptions): Promise<Repository> {
  return await readRepositoryFrom(filesBelow(workspace), inWorkspace(application, workspace));
}

/** The path of a file of the workspace from there, with `/`. */
export function inWorkspace(path: string, workspace: string): string {
  return (isAbsolute(path) ? relative(workspace, path) : path).split(sep).join('/');
}

/**
 * Reads a repository from any source of files, such as another commit.
 * @param applicationPath the path of slipway.yaml in that source
 * @param sharedFiles where folders of `spec.paths` are read that the source does not have, such as a second checkout, which is not
 *   part of any commit of this repository
 * @throws SlipwayError with the problems of all files at once
 */
export async function readRepositoryFrom(
  files: FileSource,
  applicationPath: string,
  sharedFiles: FileSource = files,
): Promise<Repository> {
  const problems = new Problems();
  const path = posix.normalize(applicationPath);
  if (path.startsWith('../')) throw outside(path);
  const directory = dirname(path) === '.' ? '' : dirname(path);
  const reader = new DocumentReader(files, problems);
  const { application, folders } = await readApplication(reader, path, directory, problems);
  const [formationFiles, own, ...shared] = await Promise.all([
    readFormations(reader, posix.join(directory, 'formations'), problems),
    readFolder(reader, directory, problems),
    ...folders.map(folder => readShared(folder, files, sharedFiles, problems)),
  ]);
  const stencils = overlaidStencils(own, shared, problems);
  for (const problem of spawningProblems(formationFiles, application)) problems.add(problem);
  // The name of a broken formation is unknown, so every address that names it would be reported as wrong.
  const isWhole = problems.found.length === 0;
  const configs = isWhole ? joined(own, shared, formationFiles, problems) : own.configs;
  problems.throwIfAny();
  const lineages = new Map([...formationFiles].map(([name, file]) => [name, lineageOf(file)]));
  const rendered = withDestinations(formationFiles);
  return {
    directory,
    sharedDirectories: folders.map(folder => folder.directory),
    application: application as Application,
    formations: new Map([...rendered].map(([name, { formation }]) => [name, formation])),
    formationFiles: rendered,
    spawning: withInstances(formationFiles),
    stencils,
    values: new AddressTable(configs.values, lineages),
    secrets: new AddressTable(configs.secrets, lineages),
    policies: [own, ...shared].flatMap(({ policies }) => policies.flatMap(objectDocuments)),
    crds: stencils.filter(mayDefine).flatMap(objectDocuments).filter(isCustomResourceDefinition),
  };
}

function lineageOf({ formation, bases }: FormationFile): string[] {
  return [{ formation }, ...bases].map(file => file.formation.metadata.name);
}

async function readApplication(
  reader: DocumentReader,
  path: string,
  directory: string,
  problems: Problems,
): Promise<{ application?: Application; folders: readonly SharedFolder[] }> {
  const document = await reader.single(path);
  const application = document && (await problems.collect(() => parseApplication(document)));
  if (document === undefined || application === undefined) return { folders: [] };
  const report = problems.add.bind(problems);
  return { application, folders: sharedFolders(application, document, directory, report) };
}

/** The content that an application and a shared folder have in common. */
interface Folder {
  readonly directory: string;
  readonly stencils: readonly YamlDocument[];
  readonly configs: Configs;
  readonly policies: readonly YamlDocument[];
}

async function readFolder(reader: DocumentReader, directory: string, problems: Problems): Promise<Folder> {
  const inside = (folder: string): string => posix.join(directory, folder);
  const [stencils, configs, policies] = await Promise.all([
    reader.folder(inside('stencils')),
    readConfigs(reader, inside('config'), problems),
    reader.folder(inside('policies')),
  ]);
  return { directory, stencils, configs, policies };
}

const SHARED_CONTENT = ['stencils', 'config', 'policies'];

async function readShared(
  { directory, problem }: SharedFolder,
  files: FileSource,
  sharedFiles: FileSource,
  problems: Problems,
): Promise<Folder> {
  const isThere = async (source: FileSource): Promise<boolean> => {
    const found = SHARED_CONTENT.map(folder => source.list(posix.join(directory, folder)));
    return (await Promise.all(found)).some(paths => paths.length > 0);
  };
  const source = await problems.collect(async () => {
    if (await isThere(files)) return files;
    if (sharedFiles !== files && (await isThere(sharedFiles))) return sharedFiles;
    problems.add(
      problem(
        'contains no stencils, config or policies',
        'check out the shared repository before this step, or fix the path',
      ),
    );
    return undefined;
  });
  if (source === undefined)
    return { directory, stencils: [], configs: { values: [], secrets: [] }, policies: [] };
  return await readFolder(new DocumentReader(source, problems), directory, problems);
}

function joined(
  own: Folder,
  shared: readonly Folder[],
  formationFiles: ReadonlyMap<string, FormationFile>,
  problems: Problems,
): Configs {
  const others = {
    values: shared.flatMap(({ configs }) => configs.values),
    secrets: shared.flatMap(({ configs }) => configs.secrets),
  };
  const spawning = [...withInstances(formationFiles).keys()];
  const declared = { formations: declaredDestinations(formationFiles), spawning };
  return joinConfigs(own.configs, others, declared, problem => problems.add(problem));
}

/** A stencil of the application replaces a shared one with the same name; two shared ones with the same name are an error. */
function overlaidStencils(own: Folder, shared: readonly Folder[], problems: Problems): YamlDocument[] {
  const stencils = [...own.stencils];
  const taken = new Set(own.stencils.map(({ path }) => stencilName(path, [own.directory])));
  const first = new Map<string, YamlDocument>();
  for (const { directory, stencils: others } of shared)
    for (const stencil of others) {
      const name = stencilName(stencil.path, [directory]);
      const other = first.get(name);
      if (taken.has(name)) continue;
      if (other === undefined) first.set(name, stencil);
      if (other === undefined || other.path === stencil.path) stencils.push(stencil);
      else
        problems.add({
          code: 'name-duplicate',
          at: stencil.positionOf([]),
          message: `two shared folders have a stencil named ${quote(name)} (the other is at ${formatPosition(other.positionOf([]))})`,
          remedy: 'rename one of them, or add a stencil with that name to your own stencils/',
        });
    }
  return stencils;
}

/** A look at the tree, since the value of a document is made when it is asked for, and few stencils have definitions. */
function mayDefine({ root }: YamlDocument): boolean {
  const kind = root.kind === 'map' ? root.entries.get('kind')?.value : undefined;
  return kind?.kind === 'scalar' && /^CustomResourceDefinition$|List$/.test(String(kind.value));
}

function isCustomResourceDefinition({ value }: SourceDocument): boolean {
  return isJsonObject(value) && value['kind'] === 'CustomResourceDefinition';
}
