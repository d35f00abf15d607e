export {
  always,
  existing,
  expiringLogin,
  IMMUTABLE_TAGS,
  imagesOnly,
  immutableTags,
  refusing,
  type VendorError,
  withoutMounts,
} from './differences.ts';
export {
  clientFor,
  digestAt,
  digestOf,
  pushManifest,
  pushRandomImage,
  quickRetries,
  send,
} from './images.ts';
export {
  type OtherRegistry,
  REGISTRY_KINDS,
  type RegistryKind,
  startReferrersRegistry,
  startRegistry,
  startRegistry2,
} from './other-registries.ts';
export {
  answering,
  atFirst,
  cutAfter,
  type Fault,
  type RegistryProxy,
  receipt,
  resetting,
  type SeenRequest,
  slowly,
  startProxy,
} from './proxy.ts';
