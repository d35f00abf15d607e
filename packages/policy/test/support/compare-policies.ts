import type { Finding, JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { ADMISSION, type ApiServer } from '@slipway/testkit/cluster';
import { check } from '../../src/index.ts';
import { mutate } from './mutate.ts';
import { documentOf } from './parity.ts';

const PATHS: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: `${ADMISSION}/validatingadmissionpolicies`,
  ValidatingAdmissionPolicyBinding: `${ADMISSION}/validatingadmissionpolicybindings`,
};

const rule = (changes: Readonly<Record<string, JsonValue>> = {}): JsonValue => ({
  ...{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
  ...changes,
});

function policy(spec: Readonly<Record<string, JsonValue>>): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'mutated' },
    spec,
  };
}

function binding(spec: Readonly<Record<string, JsonValue>>): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'mutated' },
    spec: { policyName: 'some-policy', ...spec },
  };
}

/** Right policies and bindings that together have every field. */
export const originals: readonly KubernetesObject[] = [
  policy({ matchConstraints: { resourceRules: [rule()] }, validations: [{ expression: 'true' }] }),
  policy({
    failurePolicy: 'Ignore',
    matchConstraints: {
      matchPolicy: 'Exact',
      resourceRules: [rule({ scope: 'Namespaced' }), rule({ resources: ['pods', 'pods/*', '*/scale'] })],
      excludeResourceRules: [rule({ resourceNames: ['a', 'b.c'], operations: ['*'], apiGroups: ['*'] })],
      namespaceSelector: { matchLabels: { 'example.com/team': 'a' } },
      objectSelector: {
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['a', 'b'] },
          { key: 'example.com/x', operator: 'Exists' },
        ],
      },
    },
    validations: [
      { expression: "object.metadata.name != 'a'", message: 'another name', reason: 'Forbidden' },
      { expression: 'true', messageExpression: "'a' + 'b'" },
    ],
  }),
  policy({
    paramKind: { apiVersion: 'rules.example.com/v1', kind: 'Limit' },
    matchConstraints: { resourceRules: [rule({ apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] })] },
    matchConditions: [
      { name: 'not-named', expression: "object.metadata.name != 'x'" },
      { name: 'example.com/has-params', expression: 'params != null' },
    ],
    variables: [
      { name: 'small', expression: 'params.data.a < 10' },
      { name: 'tiny', expression: 'variables.small && true' },
    ],
    validations: [{ expression: 'variables.tiny', messageExpression: 'string(params.data.a)' }],
    auditAnnotations: [{ key: 'seen', valueExpression: "'yes'" }],
  }),
  policy({
    matchConstraints: { resourceRules: [rule({ operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] })] },
    auditAnnotations: [
      { key: 'one', valueExpression: 'null' },
      { key: 'two', valueExpression: "object.metadata.name + ''" },
    ],
  }),
  binding({ validationActions: ['Deny', 'Audit'] }),
  binding({
    validationActions: ['Warn'],
    paramRef: { name: 'limits', namespace: 'rules', parameterNotFoundAction: 'Allow' },
    matchResources: { resourceRules: [rule({ resourceNames: ['x'] })], matchPolicy: 'Equivalent' },
  }),
  binding({
    validationActions: ['Audit'],
    paramRef: {
      selector: {
        matchLabels: { a: 'b' },
        matchExpressions: [{ key: 'c', operator: 'NotIn', values: ['d'] }],
      },
      parameterNotFoundAction: 'Deny',
    },
    matchResources: { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] } },
  }),
];

export interface PolicyComparison {
  readonly comparisons: number;
  /** How many of them the API server refused. */
  readonly refused: number;
  readonly differences: readonly unknown[];
}

/** Whether an API server takes each of `count` mutated policies and bindings, and whether policy-check does. */
export async function comparePolicies(
  seed: number,
  count: number,
  { server, minor }: { readonly server: ApiServer; readonly minor: number },
): Promise<PolicyComparison> {
  let refused = 0;
  const differences: unknown[] = [];
  for (const object of mutate(seed, count, originals)) {
    const path = `${PATHS[object.kind]}?dryRun=All&fieldValidation=Strict`;
    const { status, body } = await server.send('POST', path, object);
    const isRefused = status >= 300;
    if (isRefused) refused++;
    const own = await ownErrors(object, minor);
    if (own.length > 0 !== isRefused)
      differences.push({ object, server: isRefused ? body.message : 'takes it', own });
  }
  return { comparisons: count, refused, differences };
}

async function ownErrors(object: KubernetesObject, minor: number): Promise<readonly string[]> {
  const found: readonly Finding[] = await check({
    ...{ objects: [], policies: [documentOf(object)], packs: [], namespace: 'shop' },
    kubernetesVersion: `1.${minor}`,
  });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message }) => `${rule}: ${message}`);
}
