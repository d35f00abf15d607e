import type { ClusterClient } from '@slipway/cluster';
import { type Problem, quote, valueAt } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { isForbidden } from './expected-errors.ts';

/** The refusal for a destination whose namespace does not exist: those who may deploy need not be able to create it. */
export async function namespaceProblems(
  client: ClusterClient,
  namespace: string,
): Promise<Problem<ReleaseErrorCode>[]> {
  try {
    const live = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    if (live === undefined) return [namespaceMissing(namespace)];
    return valueAt(live, ['status', 'phase']) === 'Terminating' ? [namespaceTerminating(namespace)] : [];
  } catch (error) {
    // Those who may deploy need not be able to read the namespace either: the dry runs reveal whether it exists.
    if (isForbidden(error)) return [];
    throw error;
  }
}

export function namespaceMissing(namespace: string): Problem<ReleaseErrorCode> {
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
