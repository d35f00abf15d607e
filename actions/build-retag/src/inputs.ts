import { type RegistryInputs, readRegistryInputs } from '@slipway/action-kit';
import {
  type Attestations,
  BUILDER_CHOICES,
  type BuilderChoice,
  CACHE_CHOICES,
  type CacheChoice,
  PROVENANCE_CHOICES,
} from '@slipway/build';
import { defined, isDeploymentTag, isName, quote, REGISTRY_MARKS, SlipwayError } from '@slipway/core';
import type { InputReader } from '@slipway/github';
import { parseReference, parseRepository } from '@slipway/registry';

export const EXISTING_TAG_CHOICES = ['error', 'keep', 'overwrite'] as const;
export type OnExistingTag = (typeof EXISTING_TAG_CHOICES)[number];

export const PUSH_CHOICES = ['auto', 'always', 'never'] as const;
export type PushChoice = (typeof PUSH_CHOICES)[number];

export const REBUILD_CHOICES = ['auto', 'always'] as const;
export type RebuildChoice = (typeof REBUILD_CHOICES)[number];

export const MODE_CHOICES = ['build', 'join'] as const;
export type ModeChoice = (typeof MODE_CHOICES)[number];

export interface Inputs extends RegistryInputs {
  /** Path of slipway.yaml, relative to the workspace. */
  readonly application: string;
  /** For which pull request or branch images are built; empty for none. */
  readonly spawn: string;
  /** The formation that is spawned; none for the only one. Without `spawn` they are not looked at. */
  readonly formations: readonly string[];
  /** For GitHub's API; empty without one. */
  readonly token: string;
  /** Instead of `spec.registry`. */
  readonly registry?: string;
  /** Those to build or retag; empty is all. */
  readonly services: readonly string[];
  /** A formation or a deployment tag whose snapshot has the images of the other services. */
  readonly restFrom?: string;
  readonly deploymentTag?: string;
  readonly builder: BuilderChoice;
  /** Values, or `@file`, by id. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  readonly cache: CacheChoice;
  /** The folder of the cache `local`, relative to the workspace. */
  readonly cacheDirectory?: string;
  /** What is pushed beside each image; absent means nothing. */
  readonly attestations?: Attestations;
  /** `auto` takes the image of a snapshot that passed where its inputs were the same. */
  readonly rebuild: RebuildChoice;
  /** `auto` pushes nothing for a pull request. */
  readonly push: PushChoice;
  /** `join` makes a snapshot of what other jobs of the run built. */
  readonly mode: ModeChoice;
  /** The name under which this job leaves what it built, for the one that joins. */
  readonly part?: string;
  /** Those that are joined; empty where none are. */
  readonly parts: readonly string[];
  /** A formation or a deployment tag; then nothing is built. */
  readonly promote?: string;
  /** Where that passed, if it is not where images go. */
  readonly promoteRegistry?: string;
  readonly onExistingTag: OnExistingTag;
}

export function readInputs(reader: InputReader): Inputs {
  const registry = readRegistry(reader, 'registry');
  const deploymentTag = readDeploymentTag(reader);
  const attestations = readAttestations(reader);
  return {
    application: reader.text('application') || 'slipway.yaml',
    ...readSpawn(reader),
    token: reader.text('token'),
    ...defined({ registry }),
    ...readServices(reader),
    ...defined({ deploymentTag }),
    builder: reader.choice('builder', BUILDER_CHOICES, 'auto'),
    buildSecrets: reader.pairs('build-secrets'),
    platforms: readPlatforms(reader),
    ...readCache(reader),
    ...defined({ attestations }),
    rebuild: reader.choice('rebuild', REBUILD_CHOICES, 'auto'),
    push: reader.choice('push', PUSH_CHOICES, 'auto'),
    ...readParts(reader),
    ...readPromotion(reader),
    onExistingTag: reader.choice('on-existing-tag', EXISTING_TAG_CHOICES, 'error'),
    ...readRegistryInputs(reader),
  };
}

/** What is built for an instance has a tag that says so, and nothing is promoted to one. */
function readSpawn(reader: InputReader): Pick<Inputs, 'spawn' | 'formations'> {
  const spawn = reader.text('spawn');
  const contradictions = {
    promote: 'contradicts "spawn", since nothing is promoted to an instance',
    'deployment-tag': 'contradicts "spawn", as tags of an instance begin with its key',
  };
  for (const [input, message] of Object.entries(contradictions))
    if (spawn !== '' && reader.text(input) !== '') reader.problem(input, message, 'remove one of them');
  return { spawn, formations: reader.list('formation') };
}

function readServices(reader: InputReader): Pick<Inputs, 'services' | 'restFrom'> {
  const services = reader.list('services');
  const restFrom = readSnapshotName(reader, 'rest-from');
  if (restFrom !== undefined && services.length === 0)
    reader.problem(
      'rest-from',
      'is for services that "services" leaves out',
      'name those to build in services',
    );
  return { services, ...defined({ restFrom }) };
}

function readCache(reader: InputReader): Pick<Inputs, 'cache' | 'cacheDirectory'> {
  const cache = reader.choice('cache', CACHE_CHOICES, 'none');
  const cacheDirectory = reader.text('cache-directory');
  if (cacheDirectory !== '' && cache !== 'local')
    reader.problem('cache-directory', 'is for the cache "local"', 'set cache to local, or remove it');
  return { cache, ...(cacheDirectory === '' ? {} : { cacheDirectory }) };
}

function readAttestations(reader: InputReader): Attestations | undefined {
  const provenance = reader.choice('provenance', PROVENANCE_CHOICES, 'none');
  const sbom = reader.text('sbom');
  if (sbom !== '' && !isReference(sbom))
    reader.problem('sbom', 'is not the name of an image', 'name the image of a scanner');
  if (provenance === 'none' && sbom === '') return undefined;
  return { ...(provenance === 'none' ? {} : { provenance }), ...(sbom === '' ? {} : { sbom }) };
}

/** A part is never a snapshot, so that whatever is about one contradicts it. */
function readParts(reader: InputReader): Pick<Inputs, 'mode' | 'part' | 'parts'> {
  const mode = reader.choice('mode', MODE_CHOICES, 'build');
  const part = reader.text('part');
  const parts = reader.list('parts');
  const remedy = 'name parts by lower-case letters, digits and -, at most 40, such as amd64';
  if (part !== '' && !isName(part)) reader.problem('part', 'is not a name', remedy);
  if (!parts.every(isName)) reader.problem('parts', 'names something that is not a name', remedy);
  if (new Set(parts).size < parts.length) reader.problem('parts', 'names a part twice', 'name each once');
  if (mode === 'join' && parts.length === 0)
    reader.problem(
      'parts',
      'names none to join',
      'name the parts that other jobs build, such as amd64, arm64',
    );
  if (mode !== 'join' && parts.length > 0)
    reader.problem('parts', 'is for "mode: join"', 'set mode to join, or name one in the input "part"');
  const contradictions = {
    'deployment-tag': 'contradicts "part", as only what is joined has one',
    promote: 'contradicts "part", as nothing is built then',
    ...(mode === 'join' ? { mode: 'contradicts "part", which is for a job that builds' } : {}),
  };
  for (const [input, message] of Object.entries(contradictions))
    if (part !== '' && reader.text(input) !== '') reader.problem(input, message, 'remove one of them');
  if (mode === 'join' && reader.text('promote') !== '')
    reader.problem('promote', 'contradicts "mode: join"', 'remove one of them');
  return { mode, parts, ...(part === '' ? {} : { part }) };
}

/** What is promoted is taken as it is, so whatever shapes a build contradicts it. */
function readPromotion(reader: InputReader): Pick<Inputs, 'promote' | 'promoteRegistry'> {
  const promote = readSnapshotName(reader, 'promote');
  const promoteRegistry = readRegistry(reader, 'promote-registry');
  if (promoteRegistry !== undefined && promote === undefined)
    reader.problem('promote-registry', 'is for what "promote" names', 'set promote, or remove it');
  const contradictions = {
    services: 'contradicts "promote", which takes a snapshot as a whole',
    'deployment-tag': 'contradicts "promote", which keeps the deployment tag of what it promotes',
  };
  for (const [input, message] of Object.entries(contradictions))
    if (promote !== undefined && reader.text(input) !== '')
      reader.problem(input, message, 'remove one of them');
  return {
    ...defined({ promote, promoteRegistry }),
  };
}

function isReference(text: string): boolean {
  try {
    return parseReference(text).path !== '';
  } catch (error) {
    if (error instanceof SlipwayError) return false;
    throw error;
  }
}

function readSnapshotName(reader: InputReader, input: string): string | undefined {
  const text = reader.text(input);
  if (text !== '' && !isDeploymentTag(text))
    reader.problem(
      input,
      'is neither a formation nor a deployment tag',
      'write one of them, such as staging',
    );
  return text === '' ? undefined : text;
}

function readRegistry(reader: InputReader, input: string): string | undefined {
  const text = reader.text(input);
  if (text === '') return undefined;
  try {
    const { registry, path } = parseRepository(text);
    if (`${registry}/${path}` === text) return text;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
  }
  reader.problem(input, 'is not host/repository in lower case', 'write it such as ghcr.io/acme/shop');
  return undefined;
}

function readDeploymentTag(reader: InputReader): string | undefined {
  const text = reader.text('deployment-tag');
  if (text === '' || isDeploymentTag(text)) return text === '' ? undefined : text;
  reader.problem(
    'deployment-tag',
    `has ${text.length} characters, or some that a tag cannot have`,
    `use letters, digits, _, . and -, at most 45, beginning with a letter, digit or _, and not ${REGISTRY_MARKS.map(quote).join(', ')}`,
  );
  return undefined;
}

function readPlatforms(reader: InputReader): string[] {
  const platforms = reader.list('platforms');
  if (platforms.some(platform => !/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9.]+)?$/.test(platform)))
    reader.problem(
      'platforms',
      'names something that is not a platform',
      'write platforms such as linux/amd64, linux/arm64',
    );
  return platforms;
}
