export { type AnnotationOptions, annotateFindings } from './annotate-findings.ts';
export {
  type Approval,
  type ReviewedPull,
  readReviewedPull,
  type SignOff,
  shortFingerprint,
} from './api/approvals.ts';
export { type CommentOutcome, keepComment, readKeptComment, replaceOldComments } from './api/comments.ts';
export { type RemoteCommits, remoteCommits } from './api/commits.ts';
export { type CommitPair, commitsBetween, type FoundBetween } from './api/commits-between.ts';
export { type DeploymentOutcome, type ExactDeployment, recordDeployment } from './api/deployments.ts';
export { environmentRules } from './api/environment-rules.ts';
export { type FoundApprovals, findApprovals, findApprovalsOf } from './api/find-approvals.ts';
export { findPullsOf } from './api/find-pulls.ts';
export { type GitHubApi, openGitHubApi } from './api/github-api.ts';
export { type IssueOutcome, type KeptIssue, keepIssue } from './api/kept-issue.ts';
export { lookUpApprovals } from './api/look-up-approvals.ts';
export { changedFilesOf } from './api/pull-files.ts';
export { type PullState, readPullState, readRepositoryId } from './api/pull-state.ts';
export { approvalsOfRun, type RunApproval } from './api/run-approvals.ts';
export { extendListing, formatListing, MAX_LISTED } from './api/sign-off-listing.ts';
export { type CommitStatus, type StatusOutcome, type StatusSetter, setStatus } from './api/statuses.ts';
export { openTeams, type Teams } from './api/teams.ts';
export {
  endTransientDeployments,
  keepTransientDeployment,
  type TransientDeployment,
} from './api/transient-deployments.ts';
export { type ActiveWorkflow, activeWorkflows } from './api/workflow-files.ts';
export { type BaseCommit, baseCommitOf } from './base-commit.ts';
export type { GithubErrorCode } from './error-codes.ts';
export { errorLink } from './error-link.ts';
export { withGrace } from './grace.ts';
export { type InputReader, inputVariable, parseInputs } from './inputs.ts';
export { lineUriOf } from './line-uri.ts';
export { neutraliseCommands } from './neutralise.ts';
export { type PullRequestOfRun, pullRequestOf } from './pull-of-run.ts';
export { readRecordKeys } from './record-key.ts';
export { type PostStep, problemsOf, reportFailure, runAction, type SavedState } from './run-action.ts';
export { headCommitOf, type MergeGroup, mergeGroupOf, restrictedBy, whyForbidden } from './run-event.ts';
export { isForFork, isForPullRequest } from './run-for-pull.ts';
export type {
  Annotation,
  Environment,
  RunContext,
  Runner,
} from './runner.ts';
export { showProblem } from './show-problem.ts';
export { whileStreaming, withoutGrowth, withoutYoungGrowth } from './young-generation.ts';
