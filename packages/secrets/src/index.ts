export { type CloudIdentity, parseCloudIdentity } from './clouds/cloud-identity.ts';
export { environmentStore } from './environment/environment-store.ts';
export type { SecretsErrorCode } from './error-codes.ts';
export { allowanceEntries, parseAllowances, riskyLines, storesOf } from './lines/allowance.ts';
export { parseSecretValues, type SecretValues } from './lines/secret-values.ts';
export { namesOfSecrets } from './login-environment.ts';
export {
  type OpenedSecrets,
  type OpenSecretsOptions,
  openSecrets,
  openWhatAnswers,
  type SecretRequest,
} from './open-secrets.ts';
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
export { encodeSecret } from './values/encode.ts';
export { fillSeals, type SealedPart } from './values/fill-seals.ts';
export { maskSecret } from './values/mask.ts';
export type { VaultLogin } from './vault/login.ts';
export { parseVaultAddress, type VaultServer } from './vault/vault-client.ts';
export { type VaultOptions, vaultStore } from './vault/vault-store.ts';
