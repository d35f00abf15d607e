/**
 * Everything that is needed only once a secret of a cloud is read. It is loaded then, so that it costs nothing to other runs.
 */
export { exportedCredentials } from './aws/aws-command-line.ts';
export { awsSessionOf, openAwsSession } from './aws/aws-session.ts';
export { parameterStore } from './aws/parameter-store.ts';
export { secretsManager } from './aws/secrets-manager.ts';
export { azureSessionOf, openAzureSession } from './azure/azure-session.ts';
export { keyVaultCertificates, keyVaultSecrets } from './azure/key-vault.ts';
export { openGoogleSession } from './google/google-session.ts';
export { tokenOfMachine } from './google/machine-identity.ts';
export { googleSecretManager } from './google/secret-manager.ts';
