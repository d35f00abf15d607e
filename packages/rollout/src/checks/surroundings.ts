import type { Clock, Logger } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import type { CheckCluster } from '../rollout.ts';
import type { PrometheusAddress } from './prometheus/ask.ts';
import type { CheckWords } from './words.ts';

/** What checks are made against. */
export interface CheckSurroundings {
  readonly client: CheckCluster;
  readonly namespace: string;
  /** What is being verified: a check asks a Service of it and no other. */
  readonly objects: readonly ObjectReference[];
  /** The release's manifests, of which a Job may be run. */
  readonly manifests: readonly KubernetesObject[];
  readonly prometheus?: PrometheusAddress | undefined;
  readonly words: CheckWords;
  /** When the release began. */
  readonly released: Date;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Notes what is wrong with a check that cannot be made. */
export type Refuse = (message: string, remedy: string) => undefined;
