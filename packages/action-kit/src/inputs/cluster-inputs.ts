import type { InputReader } from '@slipway/github';

/** How a cluster is found; empty strings leave it to the environment and to the formation. */
export interface ClusterInputs {
  /** Content or path of a kubeconfig, or `in-cluster`. */
  readonly kubeconfig: string;
  readonly context: string;
  /** What `env=` lines of `secrets` name, which no credential plugin gets; an action without that input has none. */
  readonly secretNames?: readonly string[];
  /** Milliseconds that the run may take, by its timeout. */
  readonly runFor?: number;
}

export function readClusterInputs(reader: InputReader): ClusterInputs {
  return { kubeconfig: reader.text('kubeconfig'), context: reader.text('context') };
}
