export { type EachDestination, readEach, type SeveralRules } from './destinations/read-each.ts';
export { postEach, runEach } from './destinations/run-each.ts';
export { type ClusterInputs, readClusterInputs } from './inputs/cluster-inputs.ts';
export { readConfigChoice } from './inputs/config-choice.ts';
export { isNamespaceName, readDestinationName, readFormationName, readNamespace } from './inputs/names.ts';
export { readPacks } from './inputs/packs.ts';
export { refuseRoomForStrangers, refuseSpawnForStrangers } from './inputs/refuse-spawn.ts';
export { type RegistryInputs, readRegistryInputs } from './inputs/registry-inputs.ts';
export {
  type KnownRules,
  type RuleInputs,
  readRuleInputs,
} from './inputs/rule-inputs.ts';
export { type SpawnFor, spawnFor } from './inputs/spawn.ts';
export { checkClusterAccess, hasKubeconfig, openCluster, reachCluster } from './open-cluster.ts';
export { openRegistry } from './open-registry.ts';
export {
  type CheckComment,
  keepCheckComment,
  replaceOldCheckComments,
} from './pull-requests/check-comment.ts';
export { setCheckOutputs, worstVerdict } from './pull-requests/check-outputs.ts';
export {
  type CheckedPull,
  filesOfPull,
  pullApprovals,
  type ReadPull,
  readCheckedPull,
} from './pull-requests/checked-pull.ts';
export { type InstanceNotes, instanceNotes, type NotedInstance } from './pull-requests/instance-notes.ts';
export { type HistoryInputs, openRunnerHistory } from './runner-history.ts';
export { findScheduledLook, type ScheduledLook } from './scheduled-look.ts';
export { type SharedClusters, shareClusters } from './share-clusters.ts';
