import type { ClusterClient } from '@slipway/cluster';
import { type Runner, withGrace } from '@slipway/github';
import { withRecordKeys } from '@slipway/release';
import type { Inputs } from './inputs.ts';
import type { Checkout } from './source.ts';

/** What is deployed, as far as it says which cluster is meant. */
interface Place {
  readonly identity: { readonly destination?: string | undefined };
  readonly checkout?: Checkout | undefined;
}

/** The cluster that the inputs name, else the destination; with a record-key, one whose records have to bear its MAC. */
export async function connect(
  inputs: Inputs,
  { identity: { destination }, checkout }: Place,
  runner: Runner,
): Promise<ClusterClient> {
  const { environment, workspace, signal, logger } = runner;
  // Loaded here so that whatever is wrong with inputs and files is told without it.
  const { connectCluster } = await import('@slipway/cluster');
  const client = await connectCluster({
    kubeconfig: inputs.kubeconfig,
    context: inputs.context || (checkout?.destination.context ?? ''),
    environment,
    workspace,
    // What it has written by then is still noted, and its lock given back.
    signal: withGrace(signal),
    logger,
    runPlugin: (command, args, options) =>
      runner.exec(command, args, { environment: options.environment, cwd: options.directory }),
  });
  const { recordKeys: keys } = inputs;
  return withRecordKeys(client, keys && { keys, destination });
}
