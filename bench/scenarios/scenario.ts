import type { ClusterClient } from '@slipway/cluster';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';

/** Where a scenario is played. */
export interface Stage {
  readonly client: ClusterClient;
  readonly namespace: string;
}

/** A release, and what is to be said of it. */
export interface Scenario {
  readonly name: string;
  /** What is in the namespace, or beside it, already, and belongs to no release. */
  readonly given?: (namespace: string) => readonly KubernetesObject[];
  /** A release before it. */
  readonly before?: readonly KubernetesObject[];
  /** Seconds that the release before it gets, where it will not settle. */
  readonly beforeTakes?: number;
  /** What happens after the release before it, and before it is deployed. */
  readonly between?: (stage: Stage) => Promise<void>;
  readonly objects: readonly KubernetesObject[];
  /** Milliseconds after which deploy gives up waiting for a stage, so that the release is not written completely. */
  readonly deployTakes?: number;
  /** What happens after it was deployed, and before anyone is asked. */
  readonly after?: (stage: Stage) => Promise<void>;
  /** What happens while it is being watched. */
  readonly meanwhile?: (stage: Stage) => Promise<void>;
  /** For verify-rollout, besides the release. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly verdict: 'succeeded' | 'failed' | 'timed-out' | 'superseded';
  /** What the sentence on top has to name. */
  readonly reason: RegExp;
  /** What the evidence has to show. */
  readonly evidence?: RegExp;
}

export const SUCCESS = /./;

/** Milliseconds between two looks at what a tool has yet to apply. */
const LOOK_EVERY = 100;

/** An object as it is, once whoever applies the scenario has come to it. */
export async function onceThere({ client }: Stage, reference: ObjectReference): Promise<KubernetesObject> {
  for (;;) {
    const live = await client.get(reference);
    if (live !== undefined) return live;
    await new Promise(done => setTimeout(done, LOOK_EVERY));
  }
}
