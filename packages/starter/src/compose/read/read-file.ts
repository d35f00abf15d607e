import { formatProblem, isJsonObject, quote, SlipwayError, throwIfAny } from '@slipway/core';
import { duplicateKeyProblem, parseDocument } from '@slipway/yaml';
import type { RepositoryFiles } from '../../look/repository-files.ts';
import type { Remark } from '../../proposal/contribution.ts';
import { asCompose } from './compose-document.ts';
import type { ComposeService } from './compose-service.ts';
import { type Field, fieldOf, fieldsOf } from './fields.ts';
import { harmless, literalsIn } from './literals.ts';
import { openRemark } from './read-environment.ts';
import { readService } from './read-service.ts';
import { type Reading, remark } from './reading.ts';
import { shapeOf } from './shapes.ts';
import { parseVariables } from './variable-file.ts';

/** What a compose file says. */
export interface ComposeFile {
  readonly path: string;
  readonly services: readonly ComposeService[];
  readonly remarks: readonly Remark[];
}

/** In the order in which Compose looks for them. */
const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
/** What Compose merges into a file by itself. */
const OVERRIDES = [
  'compose.override.yaml',
  'compose.override.yml',
  'docker-compose.override.yaml',
  'docker-compose.override.yml',
];
/** What says nothing about what runs. */
const SILENT = ['version', 'name', 'services', 'volumes', 'secrets', 'networks', 'configs'];

/** Whether a file has a name that compose files have. */
export function isComposeName(name: string): boolean {
  return NAMES.includes(name);
}

/** Whether it is the compose file that is read. */
export function isComposeFile(path: string, files: RepositoryFiles): boolean {
  return path === NAMES.find(name => files.has(name));
}

/** Reads the compose file of a folder; undefined if there is none, or none that can be read, of which a remark says why. */
export async function readComposeFile(
  files: RepositoryFiles,
): Promise<ComposeFile | { readonly remarks: readonly Remark[] }> {
  const path = NAMES.find(name => files.has(name));
  if (path === undefined) return { remarks: [] };
  const text = (await files.readText(path)) ?? '';
  const { variables, openAt } = parseVariables((await files.readText('.env')) ?? '');
  const open = openAt === undefined ? [] : [openRemark('.env', openAt)];
  const settings = new Map(variables.map(({ name, value }) => [name, value]));
  try {
    const document = parseDocument(text, path);
    // Compose refuses the file, while YAML's readers take the last of them.
    throwIfAny(document.duplicateKeys.map(duplicateKeyProblem));
    const read = asCompose(document);
    const root: Field = { value: read.value, path: [] };
    const written = fieldsOf(fieldOf(root, 'services') ?? { value: {}, path: [] });
    const literals = literalsIn(written, settings);
    const reading: Reading = { document: read, settings, literals, harmless: harmless(written), remarks: [] };
    const services = await readServices(root, written, reading, files);
    return { path, services, remarks: [...open, ...reading.remarks, ...overrideRemarks(path, files)] };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { remarks: [cannotBeRead(error, path)] };
  }
}

/** What an override has is for a developer's machine, as the folders of that machine which it usually mounts. */
function overrideRemarks(path: string, { has }: RepositoryFiles): Remark[] {
  return OVERRIDES.filter(has).map(override => ({
    kind: 'unread',
    at: { path: override, line: 1, column: 1 },
    message: `Compose merges the file into ${quote(path)} on a developer's machine, and init leaves it out`,
    remedy: `move what is to be deployed into ${quote(path)}, and call slipway init again`,
  }));
}

function cannotBeRead(error: SlipwayError, path: string): Remark {
  const [{ at, message }] = error.problems;
  return {
    kind: 'unread',
    at: at ?? { path, line: 1, column: 1 },
    message: `the compose file cannot be read, so it is left out: ${formatProblem({ code: '', message })}`,
    remedy: 'fix it, and call slipway init again',
  };
}

async function readServices(
  root: Field,
  written: readonly [string, Field][],
  reading: Reading,
  files: RepositoryFiles,
): Promise<ComposeService[]> {
  for (const [key, field] of fieldsOf(root))
    if (!SILENT.includes(key) && !key.startsWith('x-'))
      remark(reading, field.path, `${quote(key)} of the compose file is not read`);
  remarkOnServices(reading, root);
  remarkOnNetworks(reading, fieldOf(root, 'networks'));
  remarkOnVolumes(reading, fieldOf(root, 'volumes'));
  const read: ComposeService[] = [];
  for (const [name, field] of written) {
    const profiles = fieldOf(field, 'profiles');
    if (profiles !== undefined) {
      remark(
        reading,
        profiles.path,
        `the service ${quote(name)} has a profile, so Compose does not start it by itself, and it is left out`,
      );
      continue;
    }
    const service = await readService({ name, field, root }, reading, files);
    if (service !== undefined) read.push(service);
  }
  return read;
}

function remarkOnServices(reading: Reading, root: Field): void {
  const services = fieldOf(root, 'services');
  if (shapeOf(root.value) !== 'map' || (services !== undefined && shapeOf(services.value) !== 'map'))
    remark(reading, services?.path ?? [], '"services" must be a map, so no service is read');
}

function remarkOnNetworks(reading: Reading, networks: Field | undefined): void {
  if (networks !== undefined)
    remark(
      reading,
      networks.path,
      'networks are not taken over, so every pod of the namespace reaches every other',
      {
        remedy: 'write a NetworkPolicy if they have to be apart',
      },
    );
}

function remarkOnVolumes(reading: Reading, volumes: Field | undefined): void {
  for (const [name, volume] of volumes === undefined ? [] : fieldsOf(volumes))
    if (isJsonObject(volume.value) && Object.keys(volume.value).length > 0)
      remark(
        reading,
        volume.path,
        `the options of the volume ${quote(name)} are for one machine, and its claim has none of them`,
      );
}
