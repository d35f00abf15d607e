import type { JsonObject } from '@slipway/core';
import { readMetadata, type SopsKey } from './metadata.ts';
import { parseSopsFile } from './sops-file.ts';

/** What a step has to be given so that it can open a file. */
export interface SopsFileNeeds {
  /** Lines of the input `secrets` for its keys, such as `sops-transit=transit/shop`. */
  readonly lines: readonly string[];
  /** Variables with the identities of age that it is encrypted for. */
  readonly variables: readonly string[];
}

/**
 * What would open a file, for all the keys that it is encrypted for and that a line can name.
 * @throws SlipwayError `sops-file-invalid`, `yaml-syntax`
 */
export function sopsFileNeeds(text: string, path: string): SopsFileNeeds {
  const { metadata } = parseSopsFile(text, path);
  const keys = [undefined, ...vaultsOf(metadata)].flatMap(vault =>
    readMetadata(metadata, vault).groups.flat(),
  );
  return { lines: unique(keys.flatMap(lineOf)), variables: unique(keys.flatMap(variableOf)) };
}

function lineOf({ word, name }: SopsKey): string[] {
  return word === 'age' || name === undefined ? [] : [`${word}=${name}`];
}

function variableOf({ word, name = '' }: SopsKey): string[] {
  if (word !== 'age') return [];
  return [name.startsWith('ssh-') ? 'SOPS_AGE_SSH_PRIVATE_KEY' : 'SOPS_AGE_KEY'];
}

/** A key of transit has a name for the Vault of the step only, and that may be any that the file names. */
function vaultsOf(metadata: JsonObject): URL[] {
  const groups = [metadata, ...listOf(metadata['key_groups'])];
  return groups
    .flatMap(group => listOf(group['hc_vault']))
    .flatMap(({ vault_address: address }) => URL.parse(String(address)) ?? []);
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'object' && item !== null) : [];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
