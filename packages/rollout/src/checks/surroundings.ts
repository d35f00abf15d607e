import type { Clock, Logger } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import type { CheckCluster } from '../rollout.ts';
import type { PrometheusAddress } from './prometheus/ask.ts';
import type { CheckWords } from './words.ts';

/** What checks are prepared with. */
export interface CheckSurroundings {
  readonly client: CheckCluster;
  readonly namespace: string;
  /** The objects that are being verified; a check must not ask a Service outside of them. */
  readonly objects: readonly ObjectReference[];
  /** The release's manifests; a check may run a Job of them. */
  readonly manifests: readonly KubernetesObject[];
  readonly prometheus?: PrometheusAddress | undefined;
  readonly words: CheckWords;
  /** When the release began. */
  readonly released: Date;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Records what is wrong with a check that cannot be prepared. */
export type Refuse = (message: string, remedy: string) => undefined;
