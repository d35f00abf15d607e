export {
  CLIENT,
  type Entra,
  entra,
  fail,
  type KeyVault,
  keyVault,
  send,
  TENANT,
  tokenOf,
  type VaultSecret,
} from './azure.ts';
export { type CloudProxy, startCloudProxy } from './cloud-proxy.ts';
