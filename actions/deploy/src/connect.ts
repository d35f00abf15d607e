import type { ClusterClient, KubeconfigSource } from '@slipway/cluster';
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
  const { signal, logger } = runner;
  // Loaded here so that whatever is wrong with inputs and files is told without it.
  const { connectCluster } = await import('@slipway/cluster');
  const client = await connectCluster({
    ...sourceOf(inputs, checkout, runner),
    // What it has written by then is still noted, and its lock given back.
    signal: withGrace(signal),
    logger,
  });
  const { recordKeys: keys } = inputs;
  return withRecordKeys(client, keys && { keys, destination });
}

/** Whether there is a way to the cluster, before anything is done that would be in vain without it. */
export async function checkAccess(
  inputs: Inputs,
  { checkout }: Pick<Place, 'checkout'>,
  runner: Runner,
): Promise<void> {
  const { checkKubeconfig } = await import('@slipway/cluster');
  await checkKubeconfig(sourceOf(inputs, checkout, runner));
}

function sourceOf(
  inputs: Inputs,
  checkout: Checkout | undefined,
  { environment, workspace, exec }: Runner,
): KubeconfigSource {
  return {
    kubeconfig: inputs.kubeconfig,
    context: inputs.context || (checkout?.destination.context ?? ''),
    environment,
    workspace,
    runPlugin: (command, args, options) =>
      exec(command, args, { environment: options.environment, cwd: options.directory }),
  };
}
