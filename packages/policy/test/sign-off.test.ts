import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { check } from '../src/index.ts';
import { checkYaml, configMap, configMapPolicy } from './support/check-yaml.ts';

const policies = parseDocuments(
  `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: address }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: ["", apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [services, deployments, secrets] }]
  validations:
    - expression: >-
        oldObject == null || (has(object.spec) && has(object.spec.template)
        ? object.spec.template.spec.containers[0].image == oldObject.spec.template.spec.containers[0].image
        : has(object.data) ? object.data.key == oldObject.data.key
        : object.spec.loadBalancerIP == oldObject.spec.loadBalancerIP)
      message: the address changed
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: address, annotations: { slipway.dev/sign-off: "ada, @acme/operators" } }
spec: { policyName: address, validationActions: [Deny] }
`,
  'policies/address.yaml',
);

const service = (address: string, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { type: 'LoadBalancer', loadBalancerIP: address, ports: [{ port: 80 }], ...more },
});

const DIGEST = `@sha256:${'1'.repeat(64)}`;

const deployment = (image: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
});

const secret = (key: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'web', namespace: 'shop' },
  data: { key },
});

/** What an API server makes of an object. */
const stored = (object: KubernetesObject, more: object = {}): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, uid: '1-2', resourceVersion: '7', managedFields: [] },
  spec: { ...(object['spec'] as object), clusterIP: '10.0.0.1', sessionAffinity: 'None', ...more },
});

async function signOff(
  object: KubernetesObject,
  old: KubernetesObject,
  more: { admitted?: KubernetesObject; formation?: string } = {},
): Promise<Finding> {
  const { admitted, formation = 'production' } = more;
  const findings = await check({
    objects: [{ object, old, ...(admitted === undefined ? {} : { admitted }) }],
    policies,
    packs: [],
    kubernetesVersion: '1.34',
    namespace: 'shop',
    formation,
  });
  const [found, ...others] = findings.filter(({ severity }) => severity === 'sign-off');
  expect([found?.rule, others]).toEqual(['address', []]);
  return found as Finding;
}

describe('a sign-off', () => {
  it('names who may approve', async () => {
    const { approvers, message } = await signOff(service('10.0.0.2'), service('10.0.0.1'));
    expect(approvers).toEqual(['ada', 'acme/operators']);
    expect(message).toBe('the address changed (needs the approval of @ada or @acme/operators)');
  });

  it('has one fingerprint for the check of files and for that against the cluster', async () => {
    const [object, old] = [service('10.0.0.2'), service('10.0.0.1')];
    const offline = await signOff(object, old);
    const live = await signOff(object, stored(old), { admitted: stored(object) });
    expect(live.fingerprint).toBe(offline.fingerprint);
  });

  it('has another for another value before or after, and for another object', async () => {
    const prints = await Promise.all([
      signOff(service('10.0.0.2'), service('10.0.0.1')),
      signOff(service('10.0.0.3'), service('10.0.0.1')),
      signOff(service('10.0.0.2'), service('10.0.0.9')),
      signOff({ ...service('10.0.0.2'), metadata: { name: 'api', namespace: 'shop' } }, service('10.0.0.1')),
      signOff({ ...service('10.0.0.2'), metadata: { name: 'web', namespace: 'other' } }, service('10.0.0.1')),
    ]);
    expect(new Set(prints.map(({ fingerprint }) => fingerprint)).size).toBe(5);
  });

  it.each([
    [
      'a new value',
      'sha256:b83d0fa8ecd5c3aa8e0b3dd6d2cef224234062940d3f619014e13b9343ea7f69',
      service('10.0.0.2'),
      service('10.0.0.1'),
    ],
    [
      'another old value',
      'sha256:416109d69d35847eaf21cc5be3557316e2f4f65c1609606e0395ea960ac3630f',
      service('10.0.0.2'),
      service('10.0.0.9'),
    ],
    [
      'another name',
      'sha256:01471538997d2ede94467a0b0924ef683141753914b8dc30e7a72159e72772e1',
      { ...service('10.0.0.2'), metadata: { name: 'api', namespace: 'shop' } },
      service('10.0.0.1'),
    ],
    [
      'a Secret',
      'sha256:fcf12ab2b67e140e3265bf09c922ebe96da7eeb621ab629d943c03e9062fa029',
      secret('MTIzNA=='),
      secret('MDAwMA=='),
    ],
    [
      'a container found by its name',
      'sha256:718f3a4a51ff64d0732fbd251fd16bf4fd51fe3637e2bd890326c650a662c490',
      deployment('ghcr.io/acme/web:unresolved'),
      deployment(`ghcr.io/acme/shop/web${DIGEST}`),
    ],
  ] as const)(
    'keeps its fingerprint from one version of Slipway to the next: %s',
    async (_case, expected, object, old) => {
      // A review names it, so that another one would take back approvals that were given.
      expect((await signOff(object, old)).fingerprint).toBe(expected);
    },
  );

  it('is the same in every formation, as one pull request brings it to all', async () => {
    const [one, other] = await Promise.all([
      signOff(service('10.0.0.2'), service('10.0.0.1')),
      signOff(service('10.0.0.2'), service('10.0.0.1'), { formation: 'staging' }),
    ]);
    expect(other.fingerprint).toBe(one.fingerprint);
  });

  it('stays the same where something else of the object changes', async () => {
    const [one, other] = await Promise.all([
      signOff(service('10.0.0.2'), service('10.0.0.1')),
      signOff(service('10.0.0.2', { type: 'ClusterIP' }), service('10.0.0.1')),
    ]);
    expect(other.fingerprint).toBe(one.fingerprint);
  });

  it('of an image counts its name, which is all that a pull request knows', async () => {
    const old = deployment(`ghcr.io/acme/shop/web${DIGEST}`);
    const [unresolved, resolved, foreign] = await Promise.all([
      signOff(deployment('ghcr.io/acme/web:unresolved'), old),
      signOff(deployment(`ghcr.io/acme/web${DIGEST}`), old),
      signOff(deployment('ghcr.io/evil/web:unresolved'), old),
    ]);
    expect(resolved.fingerprint).toBe(unresolved.fingerprint);
    expect(foreign.fingerprint).not.toBe(unresolved.fingerprint);
  });

  it('of a Secret does not contain its values', async () => {
    const [one, other] = await Promise.all([
      signOff(secret('MTIzNA=='), secret('MDAwMA==')),
      signOff(secret('NTY3OA=='), secret('MDAwMA==')),
    ]);
    expect(other.fingerprint).toBe(one.fingerprint);
  });

  it.each(['""', '" , "', '"ada lovelace <ada@example.org>"', '"../x"'])(
    'that %s may give is an error, and the rule a refusal',
    async annotation => {
      const denying =
        '  validations: [{ expression: "object.data.colour == \'red\'", message: it must be red }]';
      const bound = configMapPolicy(denying, undefined, `{ slipway.dev/sign-off: ${annotation} }`);
      const found = await checkYaml({ manifests: configMap, policies: bound });
      expect(found.map(({ severity }) => severity)).toEqual(['error', 'error']);
    },
  );
});

describe('a definition of a custom kind', () => {
  it("never takes the place of one of Kubernetes' own, whose form would then not be looked at", async () => {
    const manifests = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: deployments.apps }
spec:
  group: apps
  names: { kind: Deployment, plural: deployments }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: a }
spec: { replcas: 2 }
`;
    const found = await checkYaml({ manifests });
    expect(found.map(({ rule }) => rule)).toContain('schema/unknown-field');
  });
});
