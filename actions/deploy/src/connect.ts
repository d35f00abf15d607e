import type { ClusterClient } from '@slipway/cluster';
import type { Runner } from '@slipway/github';
import type { Inputs } from './inputs.ts';
import type { Checkout } from './source.ts';

/** The cluster that the inputs name, else the destination. */
export async function connect(
  inputs: Inputs,
  checkout: Checkout | undefined,
  runner: Runner,
): Promise<ClusterClient> {
  const { environment, workspace, signal, logger } = runner;
  // Loaded here so that whatever is wrong with inputs and files is told without it.
  const { connectCluster } = await import('@slipway/cluster');
  return await connectCluster({
    kubeconfig: inputs.kubeconfig,
    context: inputs.context || (checkout?.destination.context ?? ''),
    environment,
    workspace,
    signal,
    logger,
    runPlugin: (command, args, options) =>
      runner.exec(command, args, { environment: options.environment, cwd: options.directory }),
  });
}
