export { type ClusterInputs, readClusterInputs } from './inputs/cluster-inputs.ts';
export { isNamespaceName, readDestinationName, readFormationName, readNamespace } from './inputs/names.ts';
export { readPacks } from './inputs/packs.ts';
export { type RegistryInputs, readRegistryInputs } from './inputs/registry-inputs.ts';
export { checkClusterAccess, openCluster, reachCluster } from './open-cluster.ts';
export { openRegistry } from './open-registry.ts';
