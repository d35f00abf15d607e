import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type Problem, quote, SlipwayError, valueAt } from '@slipway/core';
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

/** Milliseconds: whoever has lost the cluster is not to wait for this too. */
const ANSWERS_WITHIN = 5_000;

/** The refusal for a namespace that is gone or going, in place of what its loss made fail; any other error as it is. */
export async function lossOr(error: unknown, client: ClusterClient, namespace: string): Promise<unknown> {
  if (!(error instanceof SlipwayError) || error.code === 'cluster-unreachable') return error;
  const signal = AbortSignal.timeout(ANSWERS_WITHIN);
  const bounded = client.within({ signal, check: () => signal.throwIfAborted(), unanswered() {} });
  const [lost] = await namespaceProblems(bounded, namespace).catch(() => []);
  return lost === undefined ? error : new SlipwayError(lost, { cause: error });
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
