export { type Copy, copiesOf, heldObjects } from './copies/copies-of.ts';
export { copyOfBudget } from './copies/copy-budget.ts';
export { copyOfDeployment } from './copies/copy-deployment.ts';
export { copyName, MAX_COPY_NAME } from './copies/copy-name.ts';
export { copyOfService } from './copies/copy-service.ts';
export { getsTrack, isOnTrack, type Track, trackOf, withoutTrack, withTrack } from './copies/track.ts';
export { type DriveTerms, drive } from './drive/drive.ts';
export type { Driven } from './drive/driven.ts';
export type {
  LockedGround,
  SeenSteps,
  StepsGround,
  Watched,
  WatchTerms,
} from './drive/ground.ts';
export type { LoginTerms } from './drive/login.ts';
export type { StepsErrorCode } from './error-codes.ts';
export { type HalfFacts, halfOf } from './halves/half-of.ts';
export { type Half, progressProblems, writtenHalf } from './halves/progress.ts';
export { sharedContentProblems } from './halves/shared-content.ts';
export { closed } from './machine/commit.ts';
export { changed, nameOf } from './machine/moves.ts';
export type {
  Action,
  Decision,
  ForeignEdit,
  Health,
  Look,
  Observed,
  Part,
  Run,
  StepDecision,
  StepResult,
  Verdict,
} from './machine/observed.ts';
export {
  type Before,
  beforeNewer,
  MOST_SUPERSEDED,
  type Newer,
  whenCancelled,
} from './machine/outside.ts';
export { isPassed, isSettled, mayWait, stepAt } from './machine/progress.ts';
export { step } from './machine/step.ts';
export { commitTarget, homeTarget, isHome, targetOf } from './machine/target.ts';
export { ATTEND, longestWatch } from './plan/longest-watch.ts';
export { type PlannedWorkload, plannedSteps, type StepsToPlan } from './plan/planned-steps.ts';
export { type QuotaWorkload, quotaProblems } from './plan/quotas.ts';
export type { StepsProblem } from './problem.ts';
export { advice } from './refusals/advice.ts';
export { autoscalerProblems, scalersOf } from './refusals/autoscalers.ts';
export { checkProblems } from './refusals/before-checks.ts';
export { beyondSteps } from './refusals/beyond-steps.ts';
export { budgetProblems } from './refusals/budgets.ts';
export { manifestProblems } from './refusals/manifest-problems.ts';
export { foreignCopy, nameProblems } from './refusals/names.ts';
export { nothingInSteps } from './refusals/nothing-in-steps.ts';
export { type CountedWorkload, singlePods } from './refusals/one-pod.ts';
export { isTracked, reservedTracks } from './refusals/reserved-track.ts';
export { lackingPorts, selectorProblems, serviceProblems } from './refusals/services.ts';
export { shareProblems } from './refusals/share-problems.ts';
export { type OtherFormation, sharedSelectors } from './refusals/shared-selectors.ts';
export { type CheckAdvice, unjudged } from './refusals/unjudged.ts';
export { unwatchedShares } from './refusals/unwatched-shares.ts';
export { copySize, realShare } from './shares/shares.ts';
export { type SizedWorkload, sizeInStep } from './shares/sizes.ts';
export { stepList } from './shares/step-list.ts';
export {
  formFor,
  formOf,
  heldBudget,
  heldForm,
  heldService,
  isNarrowed,
  type SelectorForm,
} from './traffic/held-form.ts';
export { homeCommands } from './traffic/home-commands.ts';
export { goInSteps, type WorkloadInCluster, workloadKeys } from './workloads/go-in-steps.ts';
export { mayGoInSteps } from './workloads/may-go-in-steps.ts';
export { covers, podLabels, podSpec, sendsTo } from './workloads/pods-of.ts';
export type { ChosenWorkloads, LeftOut, StepWorkload } from './workloads/step-workload.ts';
export { mayHaveCopy } from './workloads/unfit.ts';
