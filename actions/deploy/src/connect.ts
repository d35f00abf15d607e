import type { ClusterClient } from '@slipway/cluster';
import type { Runner } from '@slipway/github';
import type { Inputs } from './inputs.ts';
import type { Checkout } from './source.ts';

/**
 * A run that is cancelled stops writing at once, and has this long to note what it has written and to give its lock back. The runner
 * kills it after 7.5 s: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
const GRACE = 5_000;

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
    signal: after(signal, GRACE),
    logger,
    runPlugin: (command, args, options) =>
      runner.exec(command, args, { environment: options.environment, cwd: options.directory }),
  });
}

function after(signal: AbortSignal, milliseconds: number): AbortSignal {
  const late = new AbortController();
  const abort = () => setTimeout(() => late.abort(signal.reason), milliseconds).unref();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}
