export type { CheckOutcome, RunnableCheck } from './check-runs/runnable-check.ts';
export { prepareChecks } from './checks/prepare-checks.ts';
export { type PrometheusAddress, requirePrometheusAddress } from './checks/prometheus/ask.ts';
export type { CheckSurroundings } from './checks/surroundings.ts';
export { crossedBound } from './comparison/crossed-bound.ts';
export { type JudgeStepOptions, judgeStep, together } from './comparison/judge-step.ts';
export { type JudgedWindow, type PodsOfSide, podPattern, type StepSides } from './comparison/sides.ts';
export type {
  CheckJudgement,
  JudgedData,
  JudgedPoint,
  StepJudgement,
} from './comparison/step-judgement.ts';
export type { RolloutErrorCode } from './error-codes.ts';
export { type ContainerLog, readPodLogs } from './evidence/logs.ts';
export { type FormationTerms, formationTerms } from './judge/formation-terms.ts';
export { type TermsProblem, termsProblems, type Windows, windowsOf } from './judge/object-terms.ts';
export type {
  CheckChange,
  CheckCluster,
  Fault,
  ReleasedContent,
  ReleaseMark,
  RolloutChange,
  RolloutCluster,
  RolloutOptions,
  RolloutResult,
  RolloutVerdict,
  Successor,
  WatchedObject,
} from './rollout.ts';

export { assess, type StatusRules } from './status/assess.ts';
export { isReady } from './status/pod.ts';
export { compileRules } from './status/rules.ts';
export type { ClusterView, Status, Trouble } from './status/status.ts';
export { type ObjectHealth, readStock, type Stock, type StockOptions, takeStock } from './take-stock.ts';
export { watchRollout } from './watch-rollout.ts';
