import { type Problem, type Problems, parseConfig } from '@slipway/core';
import type { DocumentReader } from '../files/read-documents.ts';
import { type Addressed, formatAddress } from '../values/address.ts';
import { checkSecretsApart, checkTargets, type DeclaredNames } from '../values/check-addresses.ts';
import {
  type ConfigValue,
  reportDuplicates,
  type SecretEntry,
  secretEntries,
  valueEntries,
} from '../values/config-entries.ts';

export interface Configs {
  readonly values: readonly Addressed<ConfigValue>[];
  readonly secrets: readonly Addressed<SecretEntry>[];
}

/** The values and secrets of all config files of a folder. */
export async function readConfigs(
  reader: DocumentReader,
  folder: string,
  problems: Problems,
): Promise<Configs> {
  const values: Addressed<ConfigValue>[] = [];
  const secrets: Addressed<SecretEntry>[] = [];
  const report = problems.add.bind(problems);
  for (const document of await reader.folder(folder)) {
    const config = await problems.collect(() => parseConfig(document));
    if (config === undefined) continue;
    values.push(...valueEntries(document, report));
    secrets.push(...secretEntries(document, config, report));
  }
  return { values, secrets };
}

/**
 * The config of an application and of its shared folders, joined. An entry of the application replaces that of a shared folder at the
 * same address.
 * @param declared names of formations and destinations; a shared folder may name those of other applications
 */
export function joinConfigs(
  own: Configs,
  shared: Configs,
  declared: DeclaredNames,
  report: (problem: Problem) => void,
): Configs {
  for (const configs of [own, shared]) {
    reportDuplicates(configs.values, report);
    reportDuplicates(configs.secrets, report);
  }
  checkTargets(own.values, declared, report);
  checkTargets(own.secrets, declared, report);
  const joined = {
    values: overlaid(own.values, shared.values),
    secrets: overlaid(own.secrets, shared.secrets),
  };
  checkSecretsApart(joined.secrets, joined.values, report);
  return joined;
}

function overlaid<Content>(
  own: readonly Addressed<Content>[],
  shared: readonly Addressed<Content>[],
): readonly Addressed<Content>[] {
  if (shared.length === 0) return own;
  const ownAddresses = new Set(own.map(formatAddress));
  const others = shared.filter(entry => !ownAddresses.has(formatAddress(entry)));
  return [...own, ...others.map(entry => ({ ...entry, isShared: true as const }))];
}
