import type { ClusterClient } from '@slipway/cluster';
import { type Problem, quote, SlipwayError, valueAt } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';

/** The destination's own namespace has to be there: who may deploy into it need not be able to make it. */
export async function checkNamespace(
  client: ClusterClient,
  namespace: string,
): Promise<Problem<ReleaseErrorCode>[]> {
  try {
    const live = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    if (live === undefined) return [missing(namespace)];
    return valueAt(live, ['status', 'phase']) === 'Terminating' ? [terminating(namespace)] : [];
  } catch (error) {
    // Who may only deploy into a namespace need not be able to look at it either: its objects' dry runs tell.
    if (error instanceof SlipwayError && error.code === 'cluster-forbidden') return [];
    throw error;
  }
}

function missing(namespace: string): Problem<ReleaseErrorCode> {
  return {
    code: 'namespace-missing',
    message: `the namespace ${quote(namespace)} does not exist`,
    remedy: `create it: kubectl create namespace ${namespace}`,
  };
}

function terminating(namespace: string): Problem<ReleaseErrorCode> {
  return {
    code: 'namespace-terminating',
    message: `the namespace ${quote(namespace)} is being deleted`,
    remedy: `wait until it is gone, and create it again: kubectl create namespace ${namespace}`,
  };
}
