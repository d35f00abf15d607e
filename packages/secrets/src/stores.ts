import type { SecretReference } from '@slipway/core';
import { environmentStoreKind } from './environment/environment-store.ts';
import { sopsStoreKind } from './sops/sops-store.ts';
import type { SecretStore, SecretStoreKind, StoreSurroundings } from './store.ts';
import { vaultStoreKind } from './vault/vault-store.ts';

export type StoreName = SecretReference['from'];
type ReferenceTo<Name extends StoreName> = Extract<SecretReference, { readonly from: Name }>;

/** All kinds of stores, by what the config's `from` and a line of the input `secrets` call them. */
const STORES: { readonly [Name in StoreName]: SecretStoreKind<ReferenceTo<Name>> } = {
  env: environmentStoreKind,
  sops: sopsStoreKind,
  vault: vaultStoreKind,
};

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

/** @returns every store for which the step has credentials */
export async function openStores(surroundings: StoreSurroundings): Promise<SecretStores> {
  const opened = await Promise.all(
    STORE_NAMES.map(async name => [name, await storeKind(name).open(surroundings)] as const),
  );
  return Object.fromEntries(opened) as SecretStores;
}
