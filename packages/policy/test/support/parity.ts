import type { SourceDocument } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { distinctTexts } from '@slipway/testkit/cluster';
import { check } from '../../src/index.ts';
import type { PolicySpec } from '../../src/resources/types.ts';

/** A document whose positions are not used. */
export function documentOf(value: unknown): SourceDocument {
  const position = { path: 'policy.yaml', line: 1, column: 1 };
  return {
    path: 'policy.yaml',
    index: 0,
    value: value as never,
    positionOf: () => position,
    keyPositionOf: () => position,
  };
}

export function policyNamed(name: string, spec: PolicySpec): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: spec as never,
  };
}

export function bindingOf(policy: string, spec: Readonly<Record<string, unknown>> = {}): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: policy },
    spec: { policyName: policy, validationActions: ['Warn'], ...spec } as never,
  };
}

/** What the policies say of an object here, in the words that the API server would use. */
export async function ownMessages(
  object: KubernetesObject,
  policies: readonly KubernetesObject[],
  namespace: string,
  kubernetesVersion: string,
  more: { readonly namespaces?: readonly KubernetesObject[] } = {},
): Promise<string[]> {
  const found = await check({
    objects: [{ object }],
    policies: policies.map(documentOf),
    packs: [],
    kubernetesVersion,
    namespace,
    ...more,
  });
  // What is said of a policy as such is told in its status, not with a request.
  const about = found.filter(({ rule }) => rule !== 'policy/type-mismatch');
  return distinctTexts(
    about.map(({ message }) => message.replace(/^policy "[^"]*" could not be evaluated: /, '')),
  );
}
