export type { DesiredState } from './desired/desired-state.ts';
export type { DeliveryErrorCode } from './error-codes.ts';
export { DEFAULT_APPLICATION, findFormation, findReleased } from './formation/find-formation.ts';
export type { FoundFormation } from './formation/found-formation.ts';
export { refuseMixture } from './formation/refuse-mixture.ts';
export { spawnedOf } from './formation/with-instance.ts';
export type { SignedSince, SignOffs } from './guard/sign-offs.ts';
export { makeInstanceRoom } from './keeper/make-instance-room.ts';
export { type ApplyListener, applyManifests } from './modes/apply-manifests.ts';
export { compareManifests } from './modes/compare-manifests.ts';
export { type DestroyedFormation, destroyFormationOf } from './modes/destroy.ts';
export { type ForgottenSecretOf, forgetSecretOf } from './modes/forget.ts';
export {
  type HeldFormation,
  holdFormation,
  type LiftedHold,
  LONGEST_HOLD,
  liftHoldOf,
} from './modes/hold.ts';
export { type PlannedManifests, planManifests } from './modes/plan-manifests.ts';
export { planReleased } from './modes/plan-released.ts';
export { type RollBackListener, rollBack } from './modes/roll-back.ts';
export type { Lost } from './recovery/lost.ts';
export { planRecovery, type RecoveryPlan } from './recovery/plan-recovery.ts';
export { type RecoverListener, type RecoverRequest, recover } from './recovery/recover.ts';
export type {
  AddedRules,
  ApplyManifestsRequest,
  CompareManifestsRequest,
  DestroyRequest,
  ForgetRequest,
  FormationChoice,
  HoldEnd,
  HoldRequest,
  LiftHoldRequest,
  ListReleasesRequest,
  ManifestsChoice,
  PlanManifestsRequest,
  ReleaseOptions,
  RollBackRequest,
  RoomRequest,
  SecretAccess,
  SpawnChoice,
  SweepRequest,
} from './request.ts';
export { admitRollback } from './spawned/admit-rollback.ts';
export type { PullSeen, Pulls, SpawnedBy, WrittenOf } from './spawned/pulls.ts';
export type { NoInstance } from './spawned/spawn-guards.ts';
export { spawnManifests } from './spawned/spawn-manifests.ts';
export { leftProblems, type Swept, type SweptInstance, sweepInstances } from './spawned/sweep.ts';
export type { CommitHistory, CommitRange, CommitsBetween } from './status/history.ts';
export {
  isOfOneDestination,
  type ListedReleases,
  listKeptReleases,
  type UnlistedReleases,
} from './status/list-releases.ts';
export {
  readApplicationStatus,
  type StatusRequest,
  type StatusSurroundings,
} from './status/read-status.ts';
export type { ClusterDestination, DeliveryHistory, DeliverySurroundings, Run } from './surroundings.ts';
