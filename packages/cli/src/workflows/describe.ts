import { relative, resolve, sep } from 'node:path';
import {
  beyondAttend,
  defined,
  type Formation as FormationFileContent,
  type SecretReference,
  type StepStrategy,
  spawningOf,
  stepsOf,
} from '@slipway/core';
import { type Addressed, type FormationFile, type Repository, readRepository } from '@slipway/render';
import type {
  AllowedSecrets,
  Application,
  Destination,
  Formation,
  FormationSteps,
  SpawnedFormation,
} from '@slipway/workflows';
import { readSopsNeeds, type SopsNeeds } from './sops-needs.ts';

/**
 * What workflows are written from.
 *
 * @param repository absolute path of the repository
 * @param application path of slipway.yaml, relative to it
 * @throws SlipwayError with the problems of all files at once
 */
export async function describeApplication(repository: string, application: string): Promise<Application> {
  const read = await readRepository({ workspace: repository, application });
  const needs = await readSopsNeeds(repository, application, read.secrets);
  return applicationOf(
    read,
    relative(repository, resolve(repository, application)).split(sep).join('/'),
    needs,
  );
}

/**
 * The same of files that were read.
 * @param path of slipway.yaml, relative to the repository, with forward slashes
 */
export function applicationOf(read: Repository, path: string, needs: SopsNeeds): Application {
  return {
    name: read.application.metadata.name,
    path,
    registry: read.application.spec.registry,
    formations: [...read.formations.keys()].map(name => describeFormation(read, name, needs)),
    ...(read.spawning.size === 0
      ? {}
      : { spawned: [...read.spawning.values()].map(file => describeSpawned(read, file, needs)) }),
  };
}

/** Secrets of what it extends are never its own; those of one instance are. */
function describeSpawned(
  { secrets }: Repository,
  { formation, document }: FormationFile,
  needs: SopsNeeds,
): SpawnedFormation {
  const { name } = formation.metadata;
  const destinations = destinationsOf(formation.spec);
  const isOwn = (segment: string): boolean => segment === name || spawningOf(segment, [name]) !== undefined;
  return {
    name,
    registry: formation.spec.spawn?.registry ?? '',
    ...(formation.spec.spawn?.form === 'create' ? { form: 'create' as const } : {}),
    destinations,
    secrets: allowedSecrets(referencesWhere(secrets.entries, isOwn, destinations), needs),
    at: document.positionOf(['spec', 'spawn']),
  };
}

function destinationsOf({ destinations = {} }: Partial<FormationFileContent['spec']>): Destination[] {
  return Object.entries(destinations).map(([name, { environment }]) => ({
    name,
    ...defined({ environment }),
  }));
}

function describeFormation(
  { formations, formationFiles, secrets }: Repository,
  name: string,
  needs: SopsNeeds,
): Formation {
  const spec = formations.get(name)?.spec;
  const file = formationFiles.get(name);
  const destinations = destinationsOf(spec ?? {});
  const waves = spec?.waves?.map(wave => destinations.filter(({ name: one }) => wave.includes(one)));
  const references = referencesFor(secrets.entries, file, destinations);
  const current = references.filter(reference => reference['on-rollback'] === 'current');
  return {
    name,
    waves: waves ?? [destinations],
    secrets: allowedSecrets(references, needs),
    ...(current.length === 0 ? {} : { readAgain: allowedSecrets(current, needs) }),
    ...defined({
      steps: describeSteps(stepsOf(spec?.strategy)),
      promotedFrom: spec?.['promoted-from'],
      at: file?.document.positionOf(['spec', 'promoted-from']),
    }),
  };
}

function describeSteps(strategy: StepStrategy | undefined): FormationSteps | undefined {
  if (strategy === undefined) return undefined;
  const { steps, notify = [] } = strategy;
  return {
    pauses: steps.flatMap(({ pause }) => pause ?? []),
    outlasts: steps.some((_step, index) => beyondAttend(strategy, index) !== undefined),
    notifies: notify.length > 0,
  };
}

/** The secrets whose address can apply to the formation: an address that a nearer one hides is allowed and never read. */
function referencesFor(
  entries: readonly Addressed<SecretReference>[],
  file: FormationFile | undefined,
  destinations: readonly Destination[],
): SecretReference[] {
  const lineage = file === undefined ? [] : [file, ...file.bases];
  const formations = ['*', ...lineage.map(({ formation }) => formation.metadata.name)];
  return referencesWhere(entries, segment => formations.includes(segment), destinations);
}

function referencesWhere(
  entries: readonly Addressed<SecretReference>[],
  isOfFormation: (segment: string) => boolean,
  destinations: readonly Destination[],
): SecretReference[] {
  const places = ['*', ...destinations.map(({ name }) => name)];
  return entries
    .filter(
      ({ segments: [destination = '', formation = ''] }) =>
        places.includes(destination) && isOfFormation(formation),
    )
    .map(({ content }) => content);
}

function allowedSecrets(references: readonly SecretReference[], needs: SopsNeeds): AllowedSecrets {
  const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
  const sops = unique(references.flatMap(reference => (reference.from === 'sops' ? [reference.file] : [])));
  const opened = sops.flatMap(path => needs.get(path) ?? []);
  return {
    variables: unique(references.flatMap(reference => (reference.from === 'env' ? [reference.name] : []))),
    sops,
    sopsKeys: unique(opened.flatMap(({ lines }) => lines)),
    sopsVariables: unique(opened.flatMap(({ variables }) => variables)),
    vault: unique(references.flatMap(reference => (reference.from === 'vault' ? [reference.path] : []))),
    aws: unique(
      references.flatMap(reference =>
        reference.from === 'aws' || reference.from === 'aws-ssm'
          ? [`${reference.from}=${reference.path}`]
          : [],
      ),
    ),
    gcp: unique(references.flatMap(reference => (reference.from === 'gcp' ? [`gcp=${reference.path}`] : []))),
    azure: unique(
      references.flatMap(reference =>
        reference.from === 'azure' || reference.from === 'azure-certificate'
          ? [`${reference.from}=${reference.path}`]
          : [],
      ),
    ),
  };
}
