export type { CheckedObjects, CheckedReport } from './findings/checked-objects.ts';
export type { FindingLinks } from './findings/finding-tables.ts';
export { findingsMarkdown } from './findings/findings-markdown.ts';
export { junitOf } from './findings/junit.ts';
export { reportJson } from './findings/report-json.ts';
export { type HelpUri, sarifOf } from './findings/sarif.ts';
export { changedFirst, findingLine, type SharedFinding, shareFindings } from './findings/shared-findings.ts';
export { type Deployment, unwrittenMarkdown, writtenMarkdown } from './headline/deployment.ts';
export type { JobOutput } from './headline/job-logs.ts';
export type { RunAddress, Surroundings } from './headline/release-facts.ts';
export { type Target, targetName } from './headline/target-name.ts';
export { verdictHeadline } from './headline/verdict-headline.ts';
export { releaseName, type Version, versionName } from './headline/versions.ts';
export { code, codeBlock, details, table } from './markdown/blocks.ts';
export { cutMarkdown, summaryPage } from './markdown/cut.ts';
export { escapeMarkdown, quietMarkdown } from './markdown/escape.ts';
export {
  adoptionLines,
  againstLines,
  beyondLines,
  changeTitle,
  countChanges,
  fieldLines,
  HOW_TO_ADOPT,
  planLines,
  planTitle,
  SIGNS,
} from './plans/plan-lines.ts';
export { planMarkdown } from './plans/plan-markdown.ts';
export { stepsLines } from './plans/steps-lines.ts';
export {
  type RecoveryRow,
  type RecoveryTable,
  recoveryLines,
  recoveryMarkdown,
  recoveryTitle,
} from './recovery/recovery-words.ts';
export {
  comparisonMarkdown,
  destroyedMarkdown,
  forgottenMarkdown,
  holdMarkdown,
  type ListedRelease,
  notesMarkdown,
  type RemovedObjects,
  releasesMarkdown,
  unlistedMarkdown,
} from './releases/releases-markdown.ts';
export { explainedMarkdown, explainedText } from './rendering/explained-lines.ts';
export { renderedMarkdown } from './rendering/rendered-markdown.ts';
export { brokenReviewMarkdown } from './review/broken-review.ts';
export { reviewMarkdown } from './review/review-markdown.ts';
export { countChangedObjects, countsOf, reviewTitle } from './review/review-title.ts';
export type {
  ReviewLinks,
  ShownChange,
  ShownField,
  ShownReview,
  ShownTarget,
} from './review/shown-review.ts';
export {
  expiryComment,
  goneComment,
  instanceComment,
  noRoomComment,
  prolongedComment,
  type RoomTaken,
  type ShownInstance,
  saysNoRoom,
  sweptMarkdown,
} from './spawned/instance-comments.ts';
export { reservedBy } from './spawned/reserved.ts';
export { alikeLines } from './status/alike-words.ts';
export { instancesLines } from './status/instances-words.ts';
export { statusMarkdown } from './status/status-markdown.ts';
export { statusPage } from './status/status-page.ts';
export { statusLines, statusTitle } from './status/status-words.ts';
export type { ShownCheck, ShownPoint, ShownStep } from './steps/judged-check.ts';
export { judgingChart } from './steps/judging-chart.ts';
export { judgingLines, judgingMarkdown } from './steps/judging-markdown.ts';
