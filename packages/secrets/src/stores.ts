import type { SecretReference } from '@slipway/core';
import { parameterStoreKind, secretsManagerKind } from './clouds/aws-stores.ts';
import { keyVaultCertificateKind, keyVaultKind } from './clouds/azure-stores.ts';
import { googleSecretManagerKind } from './clouds/google-store.ts';
import { ignoredEndpoints } from './clouds/ignored-endpoints.ts';
import { environmentStoreKind } from './environment/environment-store.ts';
import { divideEnvironment } from './login-environment.ts';
import { pathOutside } from './programs/program-outside.ts';
import { sopsStoreKind } from './sops/sops-store-kind.ts';
import type {
  ReferenceTo,
  SecretStore,
  SecretStoreKind,
  SettingsReader,
  StoreName,
  StoreSurroundings,
} from './store.ts';
import { vaultStoreKind } from './vault/vault-store.ts';

/** All kinds of stores. */
const STORES = {
  env: environmentStoreKind,
  sops: sopsStoreKind,
  vault: vaultStoreKind,
  aws: secretsManagerKind,
  'aws-ssm': parameterStoreKind,
  gcp: googleSecretManagerKind,
  azure: keyVaultKind,
  'azure-certificate': keyVaultCertificateKind,
} satisfies { readonly [Name in StoreName]: SecretStoreKind<ReferenceTo<Name>> };

export const STORE_NAMES = Object.keys(STORES) as readonly StoreName[];

/** Open stores; one without credentials is missing. */
export type SecretStores = { readonly [Name in StoreName]?: SecretStore<ReferenceTo<Name>> | undefined };

/** The row of a store; its methods take only references whose `from` has the same name. */
export function storeKind(name: StoreName): SecretStoreKind {
  return STORES[name] as SecretStoreKind;
}

/** What a reference names in its store, as a line of the input `secrets` would name it. */
export function addressOf(reference: SecretReference): string {
  return storeKind(reference.from).addressOf(reference);
}

/** What a step says of each store. */
export type StoreSettings = {
  readonly [Name in StoreName]: ReturnType<(typeof STORES)[Name]['readSettings']>;
};

/**
 * @param step its whole environment
 * @param needed the stores that the run opens
 */
export function readStoreSettings(
  step: Omit<SettingsReader, 'released'>,
  needed: ReadonlySet<StoreName>,
): StoreSettings {
  const once = reportingOnce({ ...step, ...divideEnvironment(step) });
  const read = STORE_NAMES.map(name => [name, storeKind(name).readSettings(once, needed.has(name))] as const);
  return Object.fromEntries(read) as StoreSettings;
}

/** Stores of one cloud read the same inputs, and what is wrong with one is one problem. */
function reportingOnce(reader: SettingsReader): SettingsReader {
  const reported = new Set<string>();
  const parsed = new Map<string, unknown>();
  return {
    ...reader,
    problem(input, message, remedy) {
      const key = `${input} ${message}`;
      if (!reported.has(key)) reader.problem(input, message, remedy);
      reported.add(key);
    },
    parse<Result>(input: string, parse: () => Result): Result | undefined {
      if (!parsed.has(input)) parsed.set(input, reader.parse(input, parse));
      return parsed.get(input) as Result | undefined;
    },
  };
}

/**
 * @param step its whole environment, and what its input `secrets` lists
 * @returns every store for which the step has credentials
 */
export async function openStores(
  step: StoreSurroundings & Pick<SettingsReader, 'allowances'>,
  settings: StoreSettings,
): Promise<SecretStores> {
  const { allowances, ...own } = step;
  const { environment } = divideEnvironment(step);
  const PATH = await pathOutside(environment['PATH'] ?? '', step.workspace);
  for (const said of ignoredEndpoints({ environment, allowances })) step.logger.warning(said);
  const surroundings: StoreSurroundings = { ...own, environment: { ...environment, PATH } };
  const opened = await Promise.all(
    STORE_NAMES.map(async name => [name, await storeKind(name).open(surroundings, settings[name])] as const),
  );
  return Object.fromEntries(opened) as SecretStores;
}
