import { type Destination, type Problem, quote } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';

/**
 * What the caller says of a destination and its formation says otherwise: whoever names two destinations may mean either, so neither is
 * touched. A context only names a cluster within one kubeconfig, so another one counts where the formation also has the server,
 * which is then compared.
 * @param before what else the namespace may mean, and how to say so
 */
export function disagreements(
  { namespace, context }: { readonly namespace: string; readonly context: string },
  target: string,
  destination: Destination,
  before = '',
): Problem<ReleaseErrorCode>[] {
  const found: Problem<ReleaseErrorCode>[] = [];
  if (namespace !== '' && namespace !== destination.namespace)
    found.push({
      code: 'destination-differs',
      message: `input "namespace" is ${quote(namespace)}, but ${target} goes to ${quote(destination.namespace)}`,
      remedy: `remove the input: the formation has the namespace${before}`,
    });
  const { context: own, cluster } = destination;
  if (context !== '' && own !== undefined && context !== own && cluster?.server === undefined)
    found.push({
      code: 'destination-differs',
      message: `input "context" is ${quote(context)}, but ${target} has the context ${quote(own)}`,
      remedy:
        'remove the input, or add cluster.server to the destination, so that the cluster itself is compared',
    });
  return found;
}
