import { type ClusterClient, connectCluster } from '@slipway/cluster';
import { type Runner, withGrace } from '@slipway/github';
import { withRecordKeys } from '@slipway/release';
import type { Inputs } from './inputs.ts';
import type { Identity } from './what/find-identity.ts';

/** The cluster of the inputs, else of the destination; with a record-key, one whose records have to bear its MAC. */
export async function connect(
  { kubeconfig, recordKeys: keys }: Pick<Inputs, 'kubeconfig' | 'recordKeys'>,
  { context, destination }: Pick<Identity, 'context' | 'destination'>,
  runner: Runner,
): Promise<ClusterClient> {
  const { environment, workspace, signal, logger } = runner;
  const client = await connectCluster({
    kubeconfig,
    context,
    environment,
    workspace,
    // A cancelled run still closes the record that it has open.
    signal: withGrace(signal),
    logger,
    runPlugin: (command, args, { environment, directory }) =>
      runner.exec(command, args, { environment, cwd: directory }),
  });
  return withRecordKeys(client, keys && { keys, destination: destination || undefined });
}
