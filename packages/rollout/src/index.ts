export type {
  Fault,
  RolloutChange,
  RolloutCluster,
  RolloutOptions,
  RolloutResult,
  RolloutVerdict,
  Successor,
  WatchedObject,
} from './rollout.ts';
export { assess } from './status/assess.ts';
export type { ClusterView, Status, Trouble } from './status/status.ts';
export { type ObjectHealth, type StockOptions, takeStock } from './take-stock.ts';
export { watchRollout } from './watch-rollout.ts';
