export {
  type BaseApplication,
  type BaseApplications,
  type RemovedApplication,
  readBaseApplications,
} from './base-rules/base-applications.ts';
export { type BaseSpawning, readBaseSpawning } from './base-rules/base-spawning.ts';
export type { Lineage } from './base-rules/lineage.ts';
export {
  type CheckedBase,
  type CheckedTarget,
  type CheckOutcome,
  checkManifests,
} from './check-manifests.ts';
export type { CheckErrorCode } from './error-codes.ts';
export type { OldObjects } from './old-objects/baseline.ts';
export type { EarlierCommit } from './old-objects/earlier-commits.ts';
export type { Approvals, ChangeToApprove } from './request/approvals.ts';
export type { RemoteHistory } from './request/remote-history.ts';
export type { BaseCommit, BaselineChoice, CheckManifestsRequest } from './request/request.ts';
export type { CheckSurroundings, ClusterChoice } from './request/surroundings.ts';
export { readSpawned, type SpawnedInstance } from './targets/read-spawned.ts';
export type { RemovedTarget } from './targets/target.ts';
