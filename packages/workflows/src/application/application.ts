import type { Position } from '@slipway/core';

/** What workflows are written from: an application, with no more of it than they need. */
export interface Application {
  readonly name: string;
  /** Path of slipway.yaml, relative to the repository, with forward slashes. */
  readonly path: string;
  /** The registry that images go to, such as `ghcr.io/acme/shop`. */
  readonly registry: string;
  /** Those with destinations, in the order in which a person wrote them. */
  readonly formations: readonly Formation[];
  /** Those of which there are instances only, one for each pull request that asks for it. */
  readonly spawned?: readonly SpawnedFormation[];
}

export interface SpawnedFormation {
  readonly name: string;
  /** The registry that images of pull requests go to. */
  readonly registry: string;
  /** `create` if each instance has a namespace of its own, which another login makes. */
  readonly form?: 'shared' | 'create';
  /** Where its instances are; workflows are written for one destination. */
  readonly destinations: readonly Destination[];
  /** What deploy may read for any instance. */
  readonly secrets: AllowedSecrets;
  /** The spawn block, for messages. */
  readonly at?: Position;
}

export interface Formation {
  readonly name: string;
  /** The formation in which a snapshot must have passed before; without one, each push is released to this formation. */
  readonly promotedFrom?: string;
  /** Destinations in the order of deployment; each wave has at least one. */
  readonly waves: readonly (readonly Destination[])[];
  /** What deploy may read for its destinations. */
  readonly secrets: AllowedSecrets;
  /** What a rollback reads again instead of restoring what was kept; nothing where it is absent. */
  readonly readAgain?: AllowedSecrets;
  /** How its releases reach their users in steps, if they do. */
  readonly steps?: FormationSteps;
  /** The file of the formation, for messages. */
  readonly at?: Position;
}

/** As much of a strategy as workflows depend on. */
export interface FormationSteps {
  /** What a release waits for, in this order. */
  readonly pauses: readonly string[];
  /** Whether a step lasts for longer than a run stays, so that the release waits for time. */
  readonly outlasts: boolean;
  /** Whether an issue is kept open while a release waits. */
  readonly notifies: boolean;
}

export interface Destination {
  readonly name: string;
  /** GitHub's environment for its job. */
  readonly environment?: string;
}

export interface AllowedSecrets {
  /** Names of variables of deploy's step, which are secrets of the same names on GitHub. */
  readonly variables: readonly string[];
  /** Paths of files that SOPS encrypted, relative to the folder of slipway.yaml. */
  readonly sops: readonly string[];
  /** Lines of the input `secrets` for the keys of clouds that these files are encrypted for. */
  readonly sopsKeys?: readonly string[];
  /** Names of the variables with the identities of age that open them; SOPS_AGE_KEY where it is absent. */
  readonly sopsVariables?: readonly string[];
  /** Paths of secrets in Vault or OpenBao. */
  readonly vault: readonly string[];
  /** Lines of the input `secrets` for stores of AWS. */
  readonly aws?: readonly string[];
  /** Lines of the input `secrets` for Google Secret Manager. */
  readonly gcp?: readonly string[];
  /** Those for stores of Azure. */
  readonly azure?: readonly string[];
}

/** One formation at one destination. */
export interface Target {
  readonly formation: string;
  readonly destination: string;
  readonly environment: string;
}

export function destinationsOf({ waves }: Formation): readonly Destination[] {
  return waves.flat();
}

export function targetsOf(formation: Formation): Target[] {
  return destinationsOf(formation).map(({ name, environment = '' }) => ({
    formation: formation.name,
    destination: name,
    environment,
  }));
}

/** The environments of some formations, each once. */
export function environmentsOf(formations: readonly Formation[]): string[] {
  const names = formations.flatMap(targetsOf).map(({ environment }) => environment);
  return [...new Set(names)].filter(name => name !== '');
}

/** Each target of some formations with its wave and its environment, as render-stencil expects them: `2:production/us=production-us`. */
export function expectedWavesOf(formations: readonly Formation[]): string[] {
  return formations.flatMap(({ name, waves }) =>
    waves.flatMap((wave, index) =>
      wave.map(
        ({ name: destination, environment = '' }) => `${index + 1}:${name}/${destination}=${environment}`,
      ),
    ),
  );
}

/** What deploy may read for any of some formations. */
export function secretsOf(formations: readonly Formation[]): AllowedSecrets {
  return together(formations.map(({ secrets }) => secrets));
}

/** What a rollback of any of some formations may read. */
export function readAgainOf(formations: readonly Formation[]): AllowedSecrets {
  return together(formations.flatMap(({ readAgain }) => readAgain ?? []));
}

/** The variables with identities of age. */
export function sopsVariablesOf({ sops, sopsVariables }: AllowedSecrets): readonly string[] {
  return sopsVariables ?? (sops.length === 0 ? [] : ['SOPS_AGE_KEY']);
}

/** The words of the keys that SOPS files are encrypted for, such as `sops-kms`. */
export function sopsWordsOf({ sopsKeys = [] }: AllowedSecrets): ReadonlySet<string> {
  return new Set(sopsKeys.map(line => line.split('=')[0] ?? ''));
}

/** Whether Vault or OpenBao is asked, for secrets or to decrypt a file. */
export function usesVault(secrets: AllowedSecrets): boolean {
  return secrets.vault.length > 0 || sopsWordsOf(secrets).has('sops-transit');
}

function together(allowed: readonly AllowedSecrets[]): AllowedSecrets {
  const all = (key: keyof AllowedSecrets): string[] =>
    [...new Set(allowed.flatMap(secrets => secrets[key] ?? []))].sort();
  return {
    variables: all('variables'),
    sops: all('sops'),
    sopsKeys: all('sopsKeys'),
    sopsVariables: [...new Set(allowed.flatMap(sopsVariablesOf))].sort(),
    vault: all('vault'),
    aws: all('aws'),
    gcp: all('gcp'),
    azure: all('azure'),
  };
}
