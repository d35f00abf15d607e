export { allowanceEntries, parseAllowances, riskyLines, storesOf } from './allowance.ts';
export { type CloudIdentity, parseCloudIdentity } from './cloud-identity.ts';
export { encodeSecret } from './encode.ts';
export { environmentStore } from './environment/environment-store.ts';
export type { SecretsErrorCode } from './error-codes.ts';
export { fillSeals, type SealedPart } from './fill-seals.ts';
export { maskSecret } from './mask.ts';
export {
  type OpenedSecrets,
  type OpenSecretsOptions,
  openSecrets,
  openWhatAnswers,
  type SecretRequest,
} from './open-secrets.ts';
export { parseSecretValues, type SecretValues } from './secret-values.ts';
export { type SopsFileNeeds, sopsFileNeeds } from './sops/file-needs.ts';
export { type SopsOptions, sopsStore } from './sops/sops-store.ts';
export type {
  ReferenceTo,
  SecretAllowance,
  SecretStore,
  SecretStoreKind,
  SecretVersion,
  SettingsReader,
  StoreName,
  StoreSurroundings,
} from './store.ts';
export {
  addressOf,
  openStores,
  readStoreSettings,
  type SecretStores,
  type StoreSettings,
  storeKind,
} from './stores.ts';
export type { VaultLogin } from './vault/login.ts';
export { parseVaultAddress, type VaultServer } from './vault/vault-client.ts';
export { type VaultOptions, vaultStore } from './vault/vault-store.ts';
