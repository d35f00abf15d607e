import { type Finding, parsePack, parsePointer } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { type CheckedObject, type CheckRequest, check } from '../../src/index.ts';

export interface YamlRequest extends Partial<Omit<CheckRequest, 'objects' | 'policies' | 'packs'>> {
  readonly manifests: string;
  readonly policies?: string;
  /** As they are written in an input: `workloads: warn`. */
  readonly packs?: readonly string[];
  /** By name: what deploy would add to the object. */
  readonly more?: Readonly<Record<string, Pick<CheckedObject, 'old' | 'admitted'>>>;
}

/** Checks manifests as they would be written, with positions in them. */
export async function checkYaml({
  manifests,
  policies = '',
  packs = [],
  more = {},
  ...request
}: YamlRequest): Promise<readonly Finding[]> {
  const objects = parseDocuments(manifests, 'manifests.yaml').map((document): CheckedObject => {
    const object = document.value as KubernetesObject;
    return {
      object,
      ...more[object.metadata.name],
      positionAt: pointer => document.positionOf(parsePointer(pointer)),
    };
  });
  return await check({
    ...{ objects, kubernetesVersion: '1.36', namespace: 'shop', ...request },
    packs: packs.map(parsePack),
    policies: parseDocuments(policies, 'policies.yaml').filter(({ value }) => value !== null),
  });
}

/** `error schema/unknown-field 5:3`, in the order found. */
export function shown(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, rule, place }) =>
    `${severity} ${rule} ${place === undefined ? '' : `${place.line}:${place.column}`}`.trim(),
  );
}

/** A policy for ConfigMaps with one binding; `spec` is indented by two. */
export function configMapPolicy(
  spec: string,
  binding = 'validationActions: [Deny]',
  annotations = '{}',
): string {
  return `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: rule }
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps] }
${spec}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: binding, annotations: ${annotations} }
spec: { policyName: rule, ${binding} }
`;
}

export const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  colour: blue
`;

/** A Deployment that keeps to every rule of every pack but those about other objects. */
export function deployment(
  changes: { readonly container?: string; readonly pod?: string; readonly spec?: string } = {},
): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 2
  selector: { matchLabels: { app: api } }
${changes.spec ?? ''}
  template:
    metadata: { labels: { app: api } }
    spec:
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
${changes.pod ?? ''}
      containers:
        - name: api
          image: example.org:5000/shop/api:1.2
          readinessProbe: { httpGet: { path: /, port: http } }
          livenessProbe: { httpGet: { path: /, port: http } }
          ports: [{ name: http, containerPort: 8080 }]
          resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { memory: 16Mi } }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
${changes.container ?? ''}
`;
}

export const budget = `
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: api }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: api } } }
`;
