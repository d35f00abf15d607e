export { readBlob } from './blobs.ts';
export {
  createRegistryClient,
  openRegistryClient,
  type RegistryClient,
  type RegistryClientOptions,
} from './client.ts';
export { copyImage } from './copy.ts';
export type { Exec as CredentialHelperExec } from './credential-helper.ts';
export {
  type Credentials,
  type DockerConfig,
  dockerConfigDirectory,
  parseDockerConfig,
  readDockerConfig,
} from './docker-config.ts';
export { isLoopback, isPlainHttp } from './endpoint.ts';
export { type RegistryErrorCode, registryErrors } from './error-codes.ts';
export { type ImageLayers, platformsOf, readLayers } from './layers.ts';
export { pushLayout } from './layout.ts';
export {
  type Descriptor,
  findDigest,
  getManifest,
  lookUpDigest,
  type Manifest,
  resolveDigest,
} from './manifests.ts';
export {
  formatReference,
  parseReference,
  parseRepository,
  type Reference,
  type Repository,
} from './reference.ts';
export { retag } from './retag.ts';
export { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
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
} from './snapshots.ts';
export { type OnExistingTag, planTags, type TagPlan, type TagWrite, writeTags } from './tags.ts';
export {
  destinationsNotPassed,
  findSame,
  pushVerdict,
  type ReleaseTarget,
  readPassed,
  readVerdict,
} from './verdicts.ts';
