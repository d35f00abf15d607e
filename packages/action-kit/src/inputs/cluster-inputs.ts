import type { InputReader } from '@slipway/github';

/** How a cluster is found; empty strings leave it to the environment and to the formation. */
export interface ClusterInputs {
  /** Content or path of a kubeconfig, or `in-cluster`. */
  readonly kubeconfig: string;
  readonly context: string;
}

export function readClusterInputs(reader: InputReader): ClusterInputs {
  return { kubeconfig: reader.text('kubeconfig'), context: reader.text('context') };
}
