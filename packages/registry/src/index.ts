export { pushHold, readStoredHold } from './artifacts/holds.ts';
export { type PartName, pushPart, readPart } from './artifacts/parts.ts';
export { pushRemoval, readRemoval } from './artifacts/removals.ts';
export {
  findSnapshot,
  formatSnapshot,
  isSameSnapshot,
  pushSnapshot,
  readSnapshot,
  refuseOtherSnapshot,
  type SnapshotHome,
  type StoredSnapshot,
  snapshotsRepository,
  uploadSnapshot,
} from './artifacts/snapshots.ts';
export { type TakenBack, takeBackVerdict } from './artifacts/taken-back.ts';
export {
  destinationsNotPassed,
  findSame,
  type Passed,
  pushVerdict,
  type ReleaseTarget,
  readLatestVerdict,
  readPassed,
  readPassedVerdict,
  readVerdict,
  verdictsOn,
} from './artifacts/verdicts.ts';
export { readBlob } from './blobs/blobs.ts';
export type { RegistryErrorCode } from './error-codes.ts';
export {
  createRegistryClient,
  openRegistryClient,
  type RegistryClient,
  type RegistryClientOptions,
} from './http/client.ts';
export {
  type Credentials,
  type DockerConfig,
  dockerConfigDirectory,
  parseDockerConfig,
  readDockerConfig,
} from './http/docker-config.ts';
export { isLoopback, isPlainHttp } from './http/endpoint.ts';
export { rememberReads } from './http/remember-reads.ts';
export { defaultRetryPolicy, type RetryPolicy } from './http/retry.ts';
export { copyImage } from './images/copy.ts';
export { type ImageLayers, platformsOf, readLayers } from './images/layers.ts';
export { pushLayout } from './images/layout.ts';
export { indexOf, type PlatformImage, readPlatformImages } from './images/platform-images.ts';
export { retag } from './images/retag.ts';
export {
  type Descriptor,
  findDigest,
  getManifest,
  lookUpDigest,
  type Manifest,
  putManifest,
  resolveDigest,
} from './manifests/manifests.ts';
export { type OnExistingTag, planTags, type TagPlan, type TagWrite, writeTags } from './manifests/tags.ts';
export {
  formatReference,
  parseReference,
  parseRepository,
  type Reference,
  type Repository,
} from './reference.ts';
