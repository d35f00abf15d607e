import type { ReferenceTo, SecretStoreKind } from '../store.ts';
import { refuseGoogleLine } from './google/google-path.ts';
import {
  GOOGLE_CREDENTIALS,
  GOOGLE_CREDENTIALS_REMEDY,
  type GoogleSettings,
  readGoogleSettings,
} from './google/google-settings.ts';
import { lateStore } from './late-store.ts';

export const googleSecretManagerKind: SecretStoreKind<ReferenceTo<'gcp'>, GoogleSettings> = {
  title: 'Google Secret Manager',
  example: 'gcp=shop-production/database-*',
  linesAre: 'patterns',
  refuseLine: refuseGoogleLine,
  addressOf: ({ path }) => path,
  credentials: GOOGLE_CREDENTIALS,
  credentialsRemedy: `${GOOGLE_CREDENTIALS_REMEDY}, for "gcp-provider"`,
  readSettings: readGoogleSettings,
  open: async (surroundings, settings) =>
    lateStore(async () => {
      const { googleSecretManager, openGoogleSession } = await import('./cloud-stores.ts');
      return googleSecretManager(openGoogleSession(settings, surroundings));
    }),
};
