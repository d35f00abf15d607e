import { dirname, isAbsolute, posix, relative, sep } from 'node:path';
import {
  type Application,
  type Config,
  type Formation,
  formatPosition,
  Problems,
  parseApplication,
  parseConfig,
  parseFormation,
  quote,
} from '@slipway/core';
import type { YamlDocument } from '@slipway/yaml';
import { type FileSource, filesBelow, outside } from '../files/file-source.ts';
import { DocumentReader } from '../files/read-documents.ts';
import type { Addressed } from '../values/address.ts';
import { AddressTable } from '../values/address-table.ts';
import { checkSecretsApart, checkTargets } from '../values/check-addresses.ts';
import {
  type ConfigValue,
  reportDuplicates,
  type SecretEntry,
  secretEntries,
  valueEntries,
} from '../values/config-entries.ts';
import type { FormationFile, Repository } from './repository.ts';

export interface RepositoryOptions {
  /** Absolute; nothing outside of it is read. */
  readonly workspace: string;
  /** Path of slipway.yaml, relative to the workspace. Everything else is found beside it. */
  readonly application: string;
}

/** @throws SlipwayError with the problems of all files at once */
export async function readRepository({ workspace, application }: RepositoryOptions): Promise<Repository> {
  const path = isAbsolute(application) ? relative(workspace, application) : application;
  return await readRepositoryFrom(filesBelow(workspace), path.split(sep).join('/'));
}

/**
 * The same from any source of files, such as another commit.
 * @param applicationPath of slipway.yaml in that source
 * @throws SlipwayError with the problems of all files at once
 */
export async function readRepositoryFrom(files: FileSource, applicationPath: string): Promise<Repository> {
  const problems = new Problems();
  const path = posix.normalize(applicationPath);
  if (path.startsWith('../')) throw outside(path);
  const directory = dirname(path) === '.' ? '' : dirname(path);
  const inside = (folder: string): string => posix.join(directory, folder);
  const reader = new DocumentReader(files, problems);
  const [application, formationFiles, stencils, configs, policies] = await Promise.all([
    readApplication(reader, path, problems),
    readFormations(reader, inside('formations'), problems),
    reader.folder(inside('stencils')),
    readConfigs(reader, inside('config'), problems),
    reader.folder(inside('policies')),
  ]);
  const formations = new Map([...formationFiles].map(([name, file]) => [name, file.formation]));
  // With a broken formation its name is unknown, and every address that has it would look wrong.
  if (problems.found.length === 0) checkConfigs(configs, formations, problems);
  problems.throwIfAny();
  return {
    directory,
    application: application as Application,
    formations,
    formationFiles,
    stencils,
    values: new AddressTable(configs.values),
    secrets: new AddressTable(configs.secrets),
    policies,
    crds: stencils.filter(isCustomResourceDefinition),
  };
}

async function readApplication(
  reader: DocumentReader,
  path: string,
  problems: Problems,
): Promise<Application | undefined> {
  const document = await reader.single(path);
  return document && (await problems.collect(() => parseApplication(document)));
}

async function readFormations(
  reader: DocumentReader,
  folder: string,
  problems: Problems,
): Promise<Map<string, FormationFile>> {
  const files = new Map<string, FormationFile>();
  for (const document of await reader.singles(folder)) {
    const formation: Formation | undefined = await problems.collect(() => parseFormation(document));
    if (formation === undefined) continue;
    const { name } = formation.metadata;
    const first = files.get(name);
    if (first === undefined) files.set(name, { formation, document });
    else
      problems.add({
        code: 'name-duplicate',
        at: document.positionOf(['metadata', 'name']),
        message: `the formation ${quote(name)} has a file already (${formatPosition(first.document.positionOf([]))})`,
        remedy: 'remove one of them',
      });
  }
  return files;
}

interface Configs {
  readonly values: readonly Addressed<ConfigValue>[];
  readonly secrets: readonly Addressed<SecretEntry>[];
}

async function readConfigs(reader: DocumentReader, folder: string, problems: Problems): Promise<Configs> {
  const values: Addressed<ConfigValue>[] = [];
  const secrets: Addressed<SecretEntry>[] = [];
  const report = problems.add.bind(problems);
  for (const document of await reader.folder(folder)) {
    const config: Config | undefined = await problems.collect(() => parseConfig(document));
    if (config === undefined) continue;
    values.push(...valueEntries(document as YamlDocument, report));
    secrets.push(...secretEntries(document as YamlDocument, config, report));
  }
  return { values, secrets };
}

function checkConfigs(
  { values, secrets }: Configs,
  formations: ReadonlyMap<string, Formation>,
  problems: Problems,
): void {
  const report = problems.add.bind(problems);
  reportDuplicates(values, report);
  reportDuplicates(secrets, report);
  checkTargets(values, formations, report);
  checkTargets(secrets, formations, report);
  checkSecretsApart(secrets, values, report);
}

function isCustomResourceDefinition({ root }: YamlDocument): boolean {
  const kind = root.kind === 'map' ? root.entries.get('kind')?.value : undefined;
  return kind?.kind === 'scalar' && kind.value === 'CustomResourceDefinition';
}
