import type { ReferenceTo, SecretStoreKind } from '../store.ts';
import { refuseAzureLine } from './azure/azure-path.ts';
import { AZURE_CREDENTIALS_REMEDY, type AzureSettings, readAzureSettings } from './azure/azure-settings.ts';
import { lateStore } from './late-store.ts';

const shared = {
  linesAre: 'patterns',
  refuseLine: refuseAzureLine,
  addressOf: ({ path }: { readonly path: string }) => path,
  credentials: [],
  credentialsRemedy: `${AZURE_CREDENTIALS_REMEDY}, for "azure-client-id"`,
  readSettings: readAzureSettings,
} as const;

export const keyVaultKind: SecretStoreKind<ReferenceTo<'azure'>, AzureSettings> = {
  ...shared,
  title: 'Azure Key Vault',
  example: 'azure=shop.vault.azure.net/shop-*',
  open: async (surroundings, settings) =>
    lateStore(async () => {
      const { azureSessionOf, keyVaultSecrets } = await import('./cloud-stores.ts');
      return keyVaultSecrets(azureSessionOf(surroundings, settings));
    }),
};

export const keyVaultCertificateKind: SecretStoreKind<ReferenceTo<'azure-certificate'>, AzureSettings> = {
  ...shared,
  title: 'Azure Key Vault (certificates)',
  example: 'azure-certificate=shop.vault.azure.net/shop-tls',
  open: async (surroundings, settings) =>
    lateStore(async () => {
      const { azureSessionOf, keyVaultCertificates } = await import('./cloud-stores.ts');
      return keyVaultCertificates(azureSessionOf(surroundings, settings));
    }),
};
