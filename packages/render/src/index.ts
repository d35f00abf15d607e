export { leftOut } from './application/left-out.ts';
export {
  type PreparedRendering,
  prepareRendering,
  type RenderingRequest,
  type RenderingSurroundings,
} from './application/prepare-rendering.ts';
export { type RenderedApplication, renderApplication } from './application/render-application.ts';
export type { ReadTaggedSnapshot, SnapshotSource } from './application/snapshot-source.ts';
export type { RenderErrorCode } from './error-codes.ts';
export { type ExplainedLine, type ExplainedPart, explainLines } from './explain/explain-line.ts';
export { type DecidedPart, explainSource } from './explain/explain-source.ts';
export { type FileSource, filesBelow } from './files/file-source.ts';
export { makeFolder } from './files/make-folder.ts';
export { outputFile, outputFolder } from './files/output-path.ts';
export { replaceFile } from './files/replace-file.ts';
export { documentOf, type FillingEntry, type ManifestObject } from './manifests/manifest-object.ts';
export type { PlainManifests } from './manifests/parse-plain.ts';
export { type ReadableManifests, readManifests, readReadable } from './manifests/read-manifests.ts';
export { readManifestsFrom } from './manifests/read-manifests-from.ts';
export { isRenderedTree, readRenderedTree } from './manifests/read-rendered-tree.ts';
export type { RenderedDestination } from './manifests/rendered-destination.ts';
export { REPORT_FILE } from './manifests/tree-layout.ts';
export { writeRenderedTree } from './manifests/write-rendered-tree.ts';
export { type ChangedCommits, commitsText, orUnknown } from './promotion/changed-commits.ts';
export { refuseForeign } from './promotion/foreign-commit.ts';
export { type HeadQuery, headDifferences } from './promotion/head-differences.ts';
export {
  type ConfigChoice,
  configOf,
  type PassedConfig,
  type PassedQuery,
  type PassedVerdict,
  passedConfig,
  shortId,
} from './promotion/passed-config.ts';
export type { Promoted, Promotions } from './promotion/promote.ts';
export {
  type ReleasedFiles,
  type ReleasedRequest,
  type RenderedAgain,
  renderReleased,
} from './promotion/render-released.ts';
export { type SharedChange, sharedChanges } from './promotion/shared-changes.ts';
export { checkExpectedWaves } from './render/check-expected-waves.ts';
export { checkMatrix } from './render/check-matrix.ts';
export { type RenderRequest, render } from './render/render.ts';
export { type RenderAllRequest, type RenderedAll, renderAll } from './render/render-all.ts';
export { selectTargets } from './render/targets.ts';
export { type WaveJob, wavesOf } from './render/waves.ts';
export { unknownPromotions } from './repository/promoted-from.ts';
export { readApplicationName } from './repository/read-application-name.ts';
export {
  inWorkspace,
  type RepositoryOptions,
  readRepository,
  readRepositoryFrom,
} from './repository/read-repository.ts';
export type { FormationFile, Repository, Spawned } from './repository/repository.ts';
export { type SpawnFor, spawn } from './repository/spawn.ts';
export { keyMissing, refuseForeignSnapshot, unsignedPromotions } from './repository/spawn-errors.ts';
export { writtenStrategy } from './repository/written-strategy.ts';
export type { SourceTools } from './sources/tools.ts';
export { type Addressed, formatAddress } from './values/address.ts';
export type { Target } from './values/address-table.ts';
export { type FoundSecretReference, findSecretReference } from './words/find-secret-reference.ts';
export { UNRESOLVED } from './words/word-resolver.ts';
