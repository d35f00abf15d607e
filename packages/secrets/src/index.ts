export { parseAllowances, type SecretAllowance } from './allowance.ts';
export { encodeSecret } from './encode.ts';
export { type SecretsErrorCode, secretsErrors } from './error-codes.ts';
export { fillSeals, type SealedPlace } from './fill-seals.ts';
export { type OpenSecretsOptions, openSecrets, type SecretRequest } from './open-secrets.ts';
export { environmentStore, type SecretStore } from './store.ts';
