export { buildCommand, type Command } from './arguments.ts';
export { buildImage, tryImage, writeFiles, writeImage } from './build-image.ts';
export type { BuildOptions } from './build-options.ts';
export { type BuildFolders, type BuildPaths, findBuildPaths } from './build-paths.ts';
export {
  BUILDER_CHOICES,
  type BuildahBuilder,
  type Builder,
  type BuilderChoice,
  type BuildkitBuilder,
  describeBuilder,
  type FindBuilderOptions,
  findBuilder,
} from './builders.ts';
export { type DockerfileSources, parseDockerfileSources } from './dockerfile/dockerfile-sources.ts';
export { type FinalInstruction, parseFinalInstructions } from './dockerfile/final-instructions.ts';
export type { BuildErrorCode } from './error-codes.ts';
export {
  type Attestations,
  type BuildFiles,
  type BuildOutput,
  CACHE_CHOICES,
  type CacheChoice,
  type ImageBuild,
  type NamedContext,
  PROVENANCE_CHOICES,
  type ProvenanceChoice,
} from './image-build.ts';
export { digestInputs, type InputDigest, type InputDigestOptions } from './inputs/input-digest.ts';
export { checkExport } from './scan/check-export.ts';
export { needlesOf } from './scan/needles.ts';
export {
  type ImageSource,
  type ScannedBlob,
  type SecretLocation,
  scanImage,
  secretProblem,
} from './scan/scan-image.ts';
export { type BuildSecrets, missingSecrets, readBuildSecrets } from './secrets.ts';
