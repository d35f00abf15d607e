import type { ClusterClient } from '@slipway/cluster';
import type { RecordKeys } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { ClusterInputs } from './inputs/cluster-inputs.ts';
import { type ClusterDestination, reachCluster } from './open-cluster.ts';

/** The clusters of many destinations. */
export interface SharedClusters {
  /**
   * The cluster of a destination. Destinations with the same context share one connection, and one error where it fails.
   * @throws SlipwayError `kubeconfig-…`, `cluster-…`
   */
  open(destination: ClusterDestination): Promise<ClusterClient>;
  /** Must be called in the end; closing a destination's client does nothing. */
  close(): Promise<void>;
}

export function shareClusters(
  inputs: ClusterInputs & { readonly recordKeys: RecordKeys | undefined },
  runner: Runner,
): SharedClusters {
  const connections = new Map<string, Promise<ClusterClient>>();
  const connect = (context: string): Promise<ClusterClient> => {
    const known = connections.get(context) ?? reachCluster(inputs, context, runner);
    connections.set(context, known);
    return known;
  };
  return {
    async open({ name, context }) {
      const client = { ...(await connect(context)), close: () => {} };
      const { withRecordKeys } = await import('@slipway/release');
      const { recordKeys: keys } = inputs;
      return withRecordKeys(client, keys && { keys, destination: name || undefined });
    },
    async close() {
      for (const client of await Promise.allSettled(connections.values()))
        if (client.status === 'fulfilled') client.value.close();
    },
  };
}
