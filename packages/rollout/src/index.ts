export type {
  RolloutChange,
  RolloutCluster,
  RolloutOptions,
  RolloutResult,
  RolloutVerdict,
  Successor,
  WatchedObject,
} from './rollout.ts';
