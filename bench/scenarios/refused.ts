import type { KubernetesObject } from '@slipway/kubernetes';
import type { Scenario } from './scenario.ts';
import { type Containers, deployment, job, statefulSet } from './workloads.ts';

/** Pods that the API server does not let the controllers create. */
export function refusedScenarios({ serving }: Containers): readonly Scenario[] {
  const good = deployment(serving());
  return [
    {
      name: 'a quota forbids its pods',
      given: () => [quota()],
      objects: [good],
      verdict: 'failed',
      reason: /exceeded quota/,
    },
    {
      name: 'StatefulSet whose pods a quota forbids',
      given: () => [quota()],
      objects: [statefulSet(serving())],
      verdict: 'failed',
      reason: /exceeded quota/,
    },
    {
      name: 'a policy of the cluster rejects its pods',
      given: policy,
      objects: [good],
      verdict: 'failed',
      reason: /no pods on Saturdays/,
    },
    {
      name: 'a webhook for pods does not answer',
      given: namespace => [webhook(namespace)],
      objects: [good],
      verdict: 'timed-out',
      reason: /webhook|cannot be created/,
    },
    {
      name: 'violates the Pod Security level of its namespace',
      given: namespace => [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
        },
      ],
      objects: [good],
      verdict: 'failed',
      reason: /PodSecurity/,
    },
    {
      name: 'its service account is not there',
      objects: [deployment(serving(), { serviceAccountName: 'absent-account' })],
      verdict: 'failed',
      reason: /absent-account/,
    },
    {
      name: 'Job whose priority class is not there',
      objects: [job(serving(), {}, { priorityClassName: 'royal' })],
      verdict: 'failed',
      reason: /royal/,
    },
  ];
}

function quota(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none' },
    spec: { hard: { pods: '0' } },
  };
}

function policy(namespace: string): readonly KubernetesObject[] {
  const group = 'admissionregistration.k8s.io/v1';
  const metadata = { name: `no-pods-in-${namespace}` };
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  return [
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [rule], namespaceSelector: only(namespace) },
        validations: [{ expression: 'false', message: 'no pods on Saturdays' }],
      },
    },
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    },
  ];
}

/** No process listens on its port. */
function webhook(namespace: string): KubernetesObject {
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: `no-one-in-${namespace}` },
    webhooks: [
      {
        name: 'pods.example.com',
        clientConfig: { url: 'https://127.0.0.1:1/' },
        rules: [rule],
        namespaceSelector: only(namespace),
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}

function only(namespace: string) {
  return { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
}
