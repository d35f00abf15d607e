import type { SourceDocument } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { check } from '../../src/index.ts';
import type { PolicySpec } from '../../src/resources/types.ts';
import type { ApiServer } from './api-server.ts';

export const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

/** A document whose positions are not used. */
export function documentOf(value: unknown): SourceDocument {
  const place = { path: 'policy.yaml', line: 1, column: 1 };
  return {
    path: 'policy.yaml',
    index: 0,
    value: value as never,
    positionOf: () => place,
    keyPositionOf: () => place,
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
  return distinct(
    about.map(({ message }) => message.replace(/^policy "[^"]*" could not be evaluated: /, '')),
  );
}

const WARNING = /^Validation failed for ValidatingAdmissionPolicy '[^']*' with binding '[^']*': /;

/** What its policies warned of; a header that was cut ends with an ellipsis. */
export function policyWarnings(warnings: readonly string[]): string[] {
  return distinct(warnings.filter(text => WARNING.test(text)).map(text => text.replace(WARNING, '')));
}

/** On one line, sorted, and each once, since an API server says nothing twice. */
function distinct(messages: readonly string[]): string[] {
  return [...new Set(messages.map(message => message.replace(/\s+/g, ' ').trim()))].sort();
}

/** Waits until a policy is enforced: the API server learns of new ones by watching, which takes a moment. */
export async function until(holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('the API server did not get there in time');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

export async function createAll(server: ApiServer, objects: readonly KubernetesObject[]): Promise<void> {
  const paths: Readonly<Record<string, string>> = {
    ValidatingAdmissionPolicy: `${ADMISSION}/validatingadmissionpolicies`,
    ValidatingAdmissionPolicyBinding: `${ADMISSION}/validatingadmissionpolicybindings`,
    Namespace: '/api/v1/namespaces',
  };
  for (const object of objects) {
    const answer = await server.send('POST', paths[object.kind] ?? '', object);
    if (answer.status >= 300)
      throw new Error(`${object.kind} ${object.metadata.name}: ${answer.body.message}`);
  }
}
