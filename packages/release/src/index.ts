export { type Destroyed, type DestroyOptions, destroyFormation } from './apply/destroy.ts';
export { type ForgottenSecret, forgetSecret, type KeptCopy } from './apply/forget-secret.ts';
export type { JobLog } from './apply/job-logs.ts';
export { closeAbandoned } from './apply/previous.ts';
export { type PruneOptions, pruneAfterSuccess } from './apply/prune.ts';
export { claimsOfFormation } from './apply/remove-claims.ts';
export { type RollBackOptions, rollBack } from './apply/roll-back.ts';
export type { ReadAgain } from './apply/secrets-to-restore.ts';
export { throwProblems } from './apply/throw-problems.ts';
export { undoRelease } from './apply/undo-release.ts';
export { awaitWritten, unfinishedReason } from './apply/unfinished.ts';
export { type Deleted, stillThere } from './cluster/await-gone.ts';
export { deleteAsRead } from './cluster/delete-as-read.ts';
export type { ReleaseErrorCode } from './error-codes.ts';
export { appliedContent } from './health/applied-content.ts';
export { watchedObjects } from './health/watched-objects.ts';
export { type CancelOptions, cancelSteps } from './looks/cancel-steps.ts';
export { type RejectOptions, rejectOpen } from './looks/reject-open.ts';
export { serverTime } from './looks/server-time.ts';
export { setTerms } from './looks/set-terms.ts';
export { stepSides } from './looks/step-sides.ts';
export { type StepsGroundOptions, stepsGround } from './looks/steps-ground.ts';
export { applySetId, fieldManager, recordNumber } from './names.ts';
export type { CopiesSeen } from './observed/copies-seen.ts';
export { areSecrets, type Drift, type DriftFound } from './observed/drift.ts';
export { leftCopiesRemedy, readLeftCopies } from './observed/left-copies.ts';
export type { LockHolder, LockState } from './observed/lock-state.ts';
export {
  type ObservedFormation,
  type ObserveOptions,
  observeFormation,
} from './observed/observe-formation.ts';
export { changesBeyondPlan } from './plan/beyond-plan.ts';
export { compareManifests, compareReleases } from './plan/compare-releases.ts';
export type { PreparedObject } from './plan/compared.ts';
export { planOf } from './plan/plan.ts';
export { planTrees } from './plan/plan-trees.ts';
export { type PreparedRelease, type PrepareOptions, prepareRelease } from './plan/prepare.ts';
export type { HeldObject, PreparedSteps, PreparedWorkload } from './plan/prepared-steps.ts';
export { writtenProblems } from './plan/request-problems.ts';
export { closeRelease, closeStepped } from './records/close.ts';
export { assertMade, assertOwnImages, assertWhole } from './records/contradictions.ts';
export { type HoldState, holdRefusals, readHold } from './records/formation-hold.ts';
export { assertNotInSteps, isInSteps } from './records/in-steps.ts';
export { liveRelease, newestBeside, readLiveNow } from './records/live-release.ts';
export { readNote } from './records/note-release.ts';
export {
  findUnreadable,
  listReleases,
  type RecordOwner,
  type ReleaseEntry,
  readLatestNumber,
  readRelease,
} from './records/records.ts';
export { shownWords } from './records/secret-copies.ts';
export { liftHold, setHold } from './records/set-hold.ts';
export { type RecordGuard, withRecordKeys } from './records/signed-records.ts';
export { readStableRecord } from './records/stable-record.ts';
export type { NotedObject, StatusNote } from './records/status-note.ts';
export { rolesFor } from './refusals/deployer-role.ts';
export { serverProblems } from './refusals/destination.ts';
export { disagreements } from './refusals/disagreements.ts';
export { type Right, rightsProblems } from './refusals/rights.ts';
export { snapshotProblems } from './refusals/snapshot.ts';
export { LAST_ACTS, loginProblems, UNKNOWN_LOGIN } from './refusals/steps-login.ts';
export { unsignedProblems } from './refusals/unsigned-steps.ts';
export type {
  Allow,
  ConfigOrigin,
  OpenedSecrets,
  ReleaseIdentity,
  ReleaseObject,
  ReleaseRequest,
  Unseal,
} from './request.ts';
export { forgetLeftovers } from './rooms/forget-leftovers.ts';
export { isExpired, type Room, type RoomTerms } from './rooms/room.ts';
export { namespaceStays, roomBroken, roomForeign } from './rooms/room-errors.ts';
export {
  namespaceReference,
  parseRoomNamespace,
  readOwnNamespace,
  roomNamespace,
  takeRoomNamespace,
} from './rooms/room-namespace.ts';
export { ROOM_OBJECT, roomBinding, roomFence, roomQuota } from './rooms/room-objects.ts';
export {
  assertOwnRoom,
  beginEnding,
  isOfRepository,
  leaveRoom,
  listRooms,
  outlastSecond,
  type Rooms,
  readRoom,
  takeRoom,
} from './rooms/rooms.ts';
export { askRules, findingProblem } from './rules/ask-rules.ts';
export { type ObjectStates, statesOf } from './rules/checked-objects.ts';
export { type Rules, recordedRules, recordRules } from './rules/rules.ts';
export { type ApplyReleaseOptions, applyRelease } from './runs/apply-release.ts';
export { commitProblems, commitRefusal } from './steps/commit-halves.ts';
export { observeSteps, type SeenSteps } from './steps/observe-steps.ts';
export { reachPart } from './steps/reach-part.ts';
export { openSteps, type StepsContext, type StepsOptions } from './steps/steps-context.ts';
