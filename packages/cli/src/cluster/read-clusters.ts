import type { ClusterClient } from '@slipway/cluster';
import { quote } from '@slipway/core';
import type { ClusterDestination } from '@slipway/delivery';
import type { Arguments } from '../command-line/arguments.ts';
import type { Machine } from '../machine/machine.ts';
import type { Workspace } from '../rendering/workspace.ts';
import { loggerOf } from '../tell/say.ts';
import { kubeconfigSource } from './kubeconfig-source.ts';

/** The clusters of destinations, to be read only. */
export interface ReadClusters {
  /** Destinations with the same context share one connection. @throws SlipwayError `kubeconfig-…`, `cluster-…` */
  open(destination: ClusterDestination): Promise<ClusterClient>;
  /** Must be called in the end; closing a destination's client does nothing. */
  close(): Promise<void>;
}

export function readClusters(given: Arguments, machine: Machine, workspace: Workspace): ReadClusters {
  const connections = new Map<string, Promise<ClusterClient>>();
  const connect = (context: string): Promise<ClusterClient> => {
    const known = connections.get(context) ?? connectReading(given, context, machine, workspace);
    connections.set(context, known);
    return known;
  };
  return {
    async open({ context }) {
      noteOtherContext(given.text('context'), context, machine);
      return { ...(await connect(given.text('context') ?? context)), close: () => undefined };
    },
    async close() {
      for (const client of await Promise.allSettled(connections.values()))
        if (client.status === 'fulfilled') client.value.close();
    },
  };
}

async function connectReading(
  given: Arguments,
  context: string,
  machine: Machine,
  workspace: Workspace,
): Promise<ClusterClient> {
  // Loaded late, as most commands have no cluster.
  const { connectCluster, withoutWrites } = await import('@slipway/cluster');
  const { signal } = machine;
  const source = kubeconfigSource(given, context, machine, workspace);
  return withoutWrites(await connectCluster({ ...source, signal, logger: loggerOf(machine) }));
}

/** Contexts have other names on each machine, so another name is not refused here as it is where a release is written. */
function noteOtherContext(chosen: string | undefined, own: string, machine: Machine): void {
  if (chosen === undefined || own === '' || chosen === own) return;
  loggerOf(machine).warning(
    `"--context" is ${quote(chosen)} and the destination has the context ${quote(own)}: that they are the same cluster is checked only where the destination has cluster.server`,
  );
}
