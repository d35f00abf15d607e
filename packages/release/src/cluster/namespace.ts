import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type Problem, quote, valueAt } from '@slipway/core';
import { isNamespace, isTerminating, type KubernetesObject, namespaceOf } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { isForbidden, unlessForbidden } from './expected-errors.ts';

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

/**
 * Other namespaces of a release's objects that are being deleted, with everything in them, so that nothing can be created there. One
 * that comes with the release is waited for instead.
 */
export async function terminatingNamespaces(
  client: ClusterClient,
  objects: readonly KubernetesObject[],
  own: string,
): Promise<ReadonlySet<string>> {
  const brought = new Set(objects.filter(isNamespace).map(({ metadata }) => metadata.name));
  const named = new Set(objects.map(namespaceOf).filter(name => name !== '' && name !== own));
  const found = await inParallel(
    [...named].filter(name => !brought.has(name)),
    async name => {
      const live = await unlessForbidden(client.get({ apiVersion: 'v1', kind: 'Namespace', name }));
      return live !== undefined && isTerminating(live) ? [name] : [];
    },
  );
  return new Set(found.flat());
}

export function namespaceMissing(namespace: string): Problem<ReleaseErrorCode> {
  return {
    code: 'namespace-missing',
    message: `the namespace ${quote(namespace)} does not exist`,
    remedy: `create it: kubectl create namespace ${namespace}`,
  };
}

export function namespaceTerminating(namespace: string): Problem<ReleaseErrorCode> {
  return {
    code: 'namespace-terminating',
    message: `the namespace ${quote(namespace)} is being deleted`,
    remedy: `wait until it is gone, and create it again: kubectl create namespace ${namespace}`,
  };
}
