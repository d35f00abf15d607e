import { defined, type JsonObject } from '@slipway/core';

/** Something that credentials may do. */
export interface Access {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly verb: string;
  /** Absent for cluster-scoped resources. */
  readonly namespace?: string | undefined;
}

/**
 * The question whether whoever asks may do something. Its `status.allowed` is the answer:
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export function accessReview({ group, resource, subresource, verb, namespace }: Access): JsonObject {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group, resource, verb, ...defined({ subresource, namespace }) } },
  };
}
