import type { Kind } from '@slipway/kubernetes';

/** Kinds that the status of others is read from. */
export const POD: Kind = { apiVersion: 'v1', kind: 'Pod' };
export const EVENT: Kind = { apiVersion: 'v1', kind: 'Event' };
export const REPLICA_SET: Kind = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
export const DEPLOYMENT: Kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
export const STATEFUL_SET: Kind = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
export const CONTROLLER_REVISION: Kind = { apiVersion: 'apps/v1', kind: 'ControllerRevision' };
export const ENDPOINT_SLICE: Kind = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
export const NODE: Kind = { apiVersion: 'v1', kind: 'Node' };
export const STORAGE_CLASS: Kind = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' };
