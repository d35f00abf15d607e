export type {
  ApiResource,
  AppliedObject,
  ApplyOptions,
  ClusterClient,
  DeleteOptions,
  Limit,
  ListQuery,
  LogQuery,
  ObjectList,
  ServiceAnswer,
  ServiceRequest,
  WatchEvent,
} from './client.ts';
export { type ConnectOptions, checkKubeconfig, connectCluster } from './connect.ts';
export type { RunPlugin } from './credentials/run-plugin.ts';
export type { ClusterErrorCode } from './error-codes.ts';
export type { JobFacts, KubeconfigSource } from './kubeconfig/source.ts';
export { withoutWrites } from './read-only.ts';
