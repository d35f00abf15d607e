export { count } from './count.ts';
export { type Defined, defined } from './defined.ts';
export { formatDuration, parseDuration, writtenDuration } from './duration.ts';
export { type EndingProcess, endProcess } from './end-process.ts';
export type { ErrorEntry, ErrorSymptom } from './error-entry.ts';
export {
  changeProblems,
  formatProblem,
  type Problem,
  Problems,
  SlipwayError,
  throwIfAny,
} from './errors.ts';
export type { Exec, ExecOptions, ExecResult } from './exec.ts';
export {
  type Application,
  applicationSchema,
  parseApplication,
  type Service,
  type ServiceBuild,
} from './formats/application.ts';
export {
  type Check,
  checksInputSchema,
  type HttpCheck,
  type JobCheck,
  type PrometheusCheck,
  parseChecks,
} from './formats/checks.ts';
export { API_VERSION } from './formats/common.ts';
export {
  type CountCheck,
  isAboutPods,
  isComparison,
  isPodsWord,
  queriesOf,
  type ValueCheck,
  WINDOW_WORD,
  workloadsNamedBy,
} from './formats/comparison.ts';
export { comparisonWarnings, longestRange } from './formats/comparison-problems.ts';
export { DEFAULT_SAMPLES, timeForSamples } from './formats/comparison-values.ts';
export { type Config, configSchema, parseConfig } from './formats/config.ts';
export { type Diagnosis, diagnosisSchema } from './formats/diagnosis.ts';
export { type Difference, differenceSchema } from './formats/difference.ts';
export { type Explanation, type ExplanationPart, explanationSchema } from './formats/explanation.ts';
export { type Destination, type Formation, formationSchema, parseFormation } from './formats/formation.ts';
export {
  formatHold,
  HOLD_ARTIFACT_TYPE,
  type Hold,
  holdProblems,
  isInForce,
  isSameHold,
  longerHold,
  parseHold,
  parseStoredHold,
  type StoredHold,
} from './formats/hold.ts';
export { type Judging, judgingSchema } from './formats/judging.ts';
export { type OpenRelease, openReleaseOf, openReleaseSentence } from './formats/open-release.ts';
export {
  type ChosenPack,
  formatPack,
  isAtLeast,
  type PackErrorCode,
  type PackLevel,
  parsePack,
  strictestPacks,
} from './formats/packs.ts';
export { parseStrategy } from './formats/parse-strategy.ts';
export { PART_ARTIFACT_TYPE, type Part, type PartImage, parsePart } from './formats/part.ts';
export { type Plan, type PlannedChange, type PlannedSteps, parsePlan, planSchema } from './formats/plan.ts';
export {
  formatPlannedRelease,
  isPlannedRelease,
  type PlannedRelease,
  parsePlannedRelease,
} from './formats/planned-release.ts';
export { type Proposal, proposalSchema } from './formats/proposal.ts';
export type { RecordedSecret } from './formats/recorded-secrets.ts';
export {
  parseRelease,
  type RecordedObject,
  type Release,
  type ReleaseSteps,
  releaseSchema,
} from './formats/release.ts';
export {
  RESERVED_PAUSES,
  STEP_PHASES,
  STEP_SELECTORS,
  STEP_VERDICTS,
  type StepPhase,
  type StepSelector,
  type StepVerdict,
} from './formats/release-steps.ts';
export { type Releases, releasesSchema } from './formats/releases.ts';
export { hasRemoved, parseRemoval, REMOVAL_ARTIFACT_TYPE, type Removal } from './formats/removal.ts';
export {
  combinedDigest,
  parseRendered,
  type Rendered,
  RenderedDigest,
  renderedDigest,
  renderedSchema,
  type Seal,
} from './formats/rendered.ts';
export { type Rendering, renderingSchema } from './formats/rendering.ts';
export {
  type Finding,
  makeReport,
  parseReport,
  type Report,
  reportSchema,
  type Severity,
  sortFindings,
} from './formats/report.ts';
export type { SecretEncoding, SecretReference } from './formats/secret-references.ts';
export { type Setup, setupSchema } from './formats/setup.ts';
export {
  imageReference,
  imageReferences,
  parseSnapshot,
  SNAPSHOT_ARTIFACT_TYPE,
  type Snapshot,
  type SnapshotImage,
  snapshotSchema,
} from './formats/snapshot.ts';
export {
  parseSourceMap,
  placePointers,
  type SourceMap,
  type SourceMapObject,
  type SourceMapRelated,
  sourceMapSchema,
} from './formats/source-map.ts';
export { PlacesWriter, readPlaces } from './formats/source-map-places.ts';
export type { HelmSource, KustomizeSource, ManifestSources, PlainSource } from './formats/sources.ts';
export {
  isHostWithin,
  LONGEST_HOURS,
  NEVER_SPAWNED,
  ROOM_DEFAULTS,
  ROOM_MIN,
  ROOM_QUOTA,
  SPAWN_WORD,
  type SpawnBlock,
} from './formats/spawn.ts';
export {
  type Alike,
  type ApplicationStatus,
  type Behind,
  type ConfigBehind,
  type DestinationStatus,
  type DriftedObject,
  type InstanceStatus,
  type InstancesStatus,
  type LiveRelease,
  type LockSeen,
  ownConfigBehind,
  parseStatus,
  type StatusState,
  statusSchema,
  worstState,
} from './formats/status.ts';
export {
  type StepStrategy,
  type Strategy,
  type StrategyStep,
  stepStrategySchema,
  stepsOf,
  strategyInputSchema,
  strategySchema,
} from './formats/strategy.ts';
export type { StrategyErrorCode, WrittenStrategy } from './formats/strategy-problem.ts';
export { strategyProblems } from './formats/strategy-problems.ts';
export {
  beyondAttend,
  leftAlone,
  STRATEGY_DEFAULTS,
  strategyTime,
  strategyWarnings,
  UNWATCHED_SHARE,
} from './formats/strategy-times.ts';
export { checkFormat, type FormatErrorCode, type FormatSchema, parseStepFile } from './formats/validate.ts';
export {
  type CheckResult,
  type ObjectVerdict,
  parseVerdict,
  VERDICT_ARTIFACT_TYPE,
  VERDICTS,
  type Verdict,
  type VerdictName,
  verdictSchema,
} from './formats/verdict.ts';
export {
  parseStatusRules,
  type StatusRule,
  statusRulesInputSchema,
  type VerifyBlock,
  type VerifyWindows,
} from './formats/verify.ts';
export { parseWaiver, type Waiver, waiverSchema } from './formats/waiver.ts';
export { type Workflows, workflowsSchema } from './formats/workflows.ts';
export {
  canonicalJson,
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
  parseJson,
  parseJsonIfAny,
  parsePointer,
  sha256,
  sortKeys,
  stringifyJson,
  textMap,
  valueAt,
} from './json.ts';
export { type Clock, type Logger, silentLogger } from './logger.ts';
export { CLOUDS, type Cloud, type LoginEnvironment, loginEnvironment } from './login-environment.ts';
export {
  parseRecordKeys,
  type RecordKeyErrorCode,
  type RecordKeys,
  recordKeyLines,
  type SignedThing,
} from './mac.ts';
export {
  DEPLOYMENT_TAG_PATTERN,
  isCommitId,
  isDeploymentTag,
  isName,
  MAX_NAME_LENGTH,
  NAME_PATTERN,
  REGISTRY_MARKS,
  SNAPSHOTS_REPOSITORY,
} from './names.ts';
export { didYouMean, nearest } from './nearest.ts';
export { once } from './once.ts';
export { inParallel } from './parallel.ts';
export { formatPosition, type Position } from './position.ts';
export { excerpt, quote } from './quote.ts';
export { remembering } from './remembering.ts';
export type { SourceDocument } from './source-document.ts';
export {
  branchKeyOf,
  isPullNumber,
  isSpawnKey,
  maxKeyLength,
  spawnedName,
  spawningOf,
  spawnKeyOf,
} from './spawn-key.ts';
export { SLIPWAY_VERSION } from './version.ts';
export {
  FIXED_WORDS,
  hasPlaceholder,
  parseTemplate,
  type Template,
  type TemplateErrorCode,
  type TemplatePart,
  type TemplateProblem,
  WORD_ROOTS,
} from './words.ts';
