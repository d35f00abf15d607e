import type { ClusterClient } from '@slipway/cluster';
import type { Release, StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { StepOptions, StepResult } from '@slipway/testbed/runner';
import type { Play } from './play.ts';

/** Where a scenario is played: a namespace in which a first release serves, and a second has begun. */
export interface Stage {
  readonly client: ClusterClient;
  readonly namespace: string;
  /** The path of the administrator's kubeconfig. */
  readonly admin: string;
  /** Runs verify-rollout's bundle on the second release. */
  verify(inputs?: Inputs, more?: Pick<StepOptions, 'signal'>): Promise<StepResult>;
  /** Does something once the second release has come to a point, while verify-rollout is at work. */
  verifyWhile(
    hasCome: (release: Release) => boolean,
    work: (kill: AbortController) => Promise<unknown>,
    inputs?: Inputs,
  ): Promise<StepResult>;
  /** Another release, as deploy makes it. @returns what refuses it, by codes */
  deploy(objects: readonly KubernetesObject[]): Promise<readonly string[]>;
  record(number: number): Promise<Release>;
  /** Changes what the pods do. */
  play(play: Play): void;
}

export type Inputs = Readonly<Record<string, string>>;

export interface Scenario {
  readonly name: string;
  readonly before: readonly KubernetesObject[];
  readonly objects: readonly KubernetesObject[];
  readonly strategy: StepStrategy;
  /** What is asked of Prometheus; nothing by default. */
  readonly checks?: NonNullable<Release['verify']>['checks'];
  readonly play?: Play;
  /** Prometheus' address, if it is another one. */
  readonly prometheus?: string;
  /** What happens, and what is found; by default one look, and what it says. */
  readonly act?: (stage: Stage) => Promise<string>;
  readonly expected: string;
  /** What the record has to say about the reason. */
  readonly reason?: RegExp;
  /** Whether stable may have been written by then. */
  readonly isCommitted?: boolean;
}

/** `exit 1: rolled-back by health` */
export async function saidBy(stage: Pick<Stage, 'record'>, { exitCode, log }: StepResult): Promise<string> {
  const { verdict, steps } = await stage.record(2);
  const by = steps?.undo === undefined ? '' : ` by ${steps.undo.by}`;
  const open = `open, waiting for ${steps?.['waiting-for'] ?? `nothing, ${steps?.phase}`}`;
  const crashed = /TypeError|ReferenceError/.test(log) ? ', and crashed' : '';
  return `exit ${exitCode}: ${verdict ?? open}${verdict === undefined ? '' : by}${crashed}`;
}
