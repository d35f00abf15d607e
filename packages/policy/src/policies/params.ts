import { apiGroup, type KubernetesObject, labelsOf, selects } from '@slipway/kubernetes';
import type { ParamReference, PolicySpec } from '../resources/types.ts';
import type { Catalog } from '../schemas/catalog.ts';
import type { AdmissionRequest } from './admission.ts';
import type { Params } from './evaluate-policy.ts';

/** The parameters that a policy is evaluated with, once for each; or why it cannot be evaluated. */
export type CollectedParams = { readonly params: readonly Params[] } | { readonly failure: string };

/**
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/generic/policy_dispatcher.go#L246. What is
 * not among the objects here may be in the cluster, so it is undecided and not missing.
 */
export function collectParams(
  paramKind: PolicySpec['paramKind'],
  reference: ParamReference | undefined,
  request: AdmissionRequest,
  objects: readonly KubernetesObject[],
  catalog: Catalog,
): CollectedParams {
  if (paramKind === undefined || reference === undefined) return { params: [null] };
  const kind = catalog.find(paramKind.apiVersion ?? '', paramKind.kind ?? '');
  if (kind === undefined) return { params: [undefined] };
  if (!kind.namespaced && reference.namespace !== undefined && reference.namespace !== '')
    return { failure: 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`' };
  const namespace = kind.namespaced ? reference.namespace || request.namespace : undefined;
  if (namespace === '')
    return {
      failure: 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    };
  const found = objects.filter(
    object =>
      object.kind === kind.kind &&
      apiGroup(object.apiVersion) === apiGroup(kind.apiVersion) &&
      (namespace === undefined || (object.metadata['namespace'] ?? request.namespace) === namespace) &&
      isReferred(object, reference),
  );
  return { params: found.length === 0 ? [undefined] : found };
}

function isReferred(object: KubernetesObject, { name, selector }: ParamReference): boolean {
  if (name !== undefined && name !== '') return object.metadata.name === name;
  return selector !== undefined && selects(selector, labelsOf(object));
}
