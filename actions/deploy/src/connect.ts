import type { ClusterClient } from '@slipway/cluster';
import type { Runner } from '@slipway/github';
import { withRecordKeys } from '@slipway/release';
import type { Inputs } from './inputs.ts';
import type { Checkout } from './source.ts';

/**
 * A run that is cancelled stops writing at once, and has this long to note what it has written and to give its lock back. The runner
 * kills it after 7.5 s: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
const GRACE = 5_000;

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
    signal: after(signal, GRACE),
    logger,
    runPlugin: (command, args, options) =>
      runner.exec(command, args, { environment: options.environment, cwd: options.directory }),
  });
  const { recordKeys: keys } = inputs;
  return withRecordKeys(client, keys && { keys, destination });
}

function after(signal: AbortSignal, milliseconds: number): AbortSignal {
  const late = new AbortController();
  const abort = () => setTimeout(() => late.abort(signal.reason), milliseconds).unref();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}
