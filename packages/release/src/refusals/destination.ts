import type { ClusterClient } from '@slipway/cluster';
import { type Problem, quote, valueAt } from '@slipway/core';
import { isForbidden } from '../cluster/expected-errors.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { ReleaseRequest } from '../request.ts';

/** A kubeconfig of the wrong cluster is the one mistake that no dry run shows. */
export function serverProblems(
  { server }: Pick<ClusterClient, 'server'>,
  { server: wanted }: ReleaseRequest,
): Problem<ReleaseErrorCode>[] {
  if (wanted === undefined || sameServer(server, wanted)) return [];
  return [
    {
      code: 'server-differs',
      message: `the kubeconfig leads to ${quote(server)}, and the formation wants ${quote(wanted)}`,
      remedy: 'choose the right kubeconfig and context',
    },
  ];
}

function sameServer(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}

/** The destination's own namespace has to be there: who may deploy into it need not be able to make it. */
export async function namespaceProblems(
  client: ClusterClient,
  namespace: string,
): Promise<Problem<ReleaseErrorCode>[]> {
  try {
    const live = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    if (live === undefined) return [namespaceMissing(namespace)];
    return valueAt(live, ['status', 'phase']) === 'Terminating' ? [namespaceTerminating(namespace)] : [];
  } catch (error) {
    // Who may only deploy into a namespace need not be able to look at it either: its objects' dry runs tell.
    if (isForbidden(error)) return [];
    throw error;
  }
}

function namespaceMissing(namespace: string): Problem<ReleaseErrorCode> {
  return {
    code: 'namespace-missing',
    message: `the namespace ${quote(namespace)} does not exist`,
    remedy: `create it: kubectl create namespace ${namespace}`,
  };
}

function namespaceTerminating(namespace: string): Problem<ReleaseErrorCode> {
  return {
    code: 'namespace-terminating',
    message: `the namespace ${quote(namespace)} is being deleted`,
    remedy: `wait until it is gone, and create it again: kubectl create namespace ${namespace}`,
  };
}
