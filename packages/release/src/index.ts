export { type ApplyReleaseOptions, applyRelease, throwProblems } from './apply.ts';
export { closeRelease } from './close.ts';
export type { PreparedObject } from './compare.ts';
export { type ReleaseErrorCode, releaseErrors } from './error-codes.ts';
export { applySetId, fieldManager, recordNumber } from './names.ts';
export { planOf } from './plan.ts';
export { type PreparedRelease, type PrepareOptions, prepareRelease } from './prepare.ts';
export { type PruneOptions, pruneAfterSuccess } from './prune.ts';
export {
  listReleases,
  type RecordOwner,
  type ReleaseEntry,
  readLatestNumber,
  readRelease,
} from './records.ts';
export type { Allow, ReleaseIdentity, ReleaseObject, ReleaseRequest, Unseal } from './request.ts';
export { type Right, rolesFor } from './rights.ts';
export { type RollBackOptions, rollBack } from './roll-back.ts';
