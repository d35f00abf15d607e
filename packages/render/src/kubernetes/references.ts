import { podTemplatePath } from './pod-template-path.ts';

/** A place that names an object of the same namespace, or of the one that stands beside it. */
export interface ReferenceRule {
  /** Keys that lead to the name; `*` for each item of a list. */
  readonly path: readonly string[];
  readonly kind: string;
}

type Table = readonly (readonly [kind: string, ...paths: readonly string[]])[];

/** Within the description of a pod. */
const ofPods: Table = [
  [
    'ConfigMap',
    'volumes/*/configMap/name',
    'volumes/*/projected/sources/*/configMap/name',
    ...ofContainers('env/*/valueFrom/configMapKeyRef/name', 'envFrom/*/configMapRef/name'),
  ],
  [
    'Secret',
    'imagePullSecrets/*/name',
    'volumes/*/secret/secretName',
    'volumes/*/projected/sources/*/secret/name',
    'volumes/*/azureFile/secretName',
    'volumes/*/csi/nodePublishSecretRef/name',
    ...['cephfs', 'cinder', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'].map(
      volume => `volumes/*/${volume}/secretRef/name`,
    ),
    ...ofContainers('env/*/valueFrom/secretKeyRef/name', 'envFrom/*/secretRef/name'),
  ],
  ['ServiceAccount', 'serviceAccountName', 'serviceAccount'],
  ['PersistentVolumeClaim', 'volumes/*/persistentVolumeClaim/claimName'],
  ['PriorityClass', 'priorityClassName'],
  ['RuntimeClass', 'runtimeClassName'],
  ['ResourceClaim', 'resourceClaims/*/resourceClaimName'],
  ['ResourceClaimTemplate', 'resourceClaims/*/resourceClaimTemplateName'],
];

function ofContainers(...paths: readonly string[]): string[] {
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap(list =>
    paths.map(path => `${list}/*/${path}`),
  );
}

const routes: Table = [
  ['Gateway', 'spec/parentRefs/*/name'],
  ['Service', 'spec/rules/*/backendRefs/*/name', 'spec/rules/*/filters/*/requestMirror/backendRef/name'],
];
const webhooks: Table = [['Service', 'webhooks/*/clientConfig/service/name']];

/**
 * What names what, by the kind that does. Where kind and name stand side by side, as in `scaleTargetRef`, `roleRef` and
 * `subjects`, no rule is needed; those of the Gateway API and KEDA are for the kind that they may leave out.
 * Compared with Kustomize's own table:
 * https://github.com/kubernetes-sigs/kustomize/blob/595696cf7970c5d6263f284b69d3e7f424a774e9/api/internal/konfig/builtinpluginconsts/namereference.go
 */
const byKind: Readonly<Record<string, Table>> = {
  APIService: [['Service', 'spec/service/name']],
  Certificate: [['Issuer', 'spec/issuerRef/name']],
  CustomResourceDefinition: [['Service', 'spec/conversion/webhook/clientConfig/service/name']],
  EndpointSlice: [['Service', 'metadata/labels/kubernetes.io~1service-name']],
  ExternalSecret: [['SecretStore', 'spec/secretStoreRef/name']],
  Gateway: [
    ['GatewayClass', 'spec/gatewayClassName'],
    ['Secret', 'spec/listeners/*/tls/certificateRefs/*/name'],
  ],
  GRPCRoute: routes,
  HTTPRoute: routes,
  Ingress: [
    [
      'Service',
      'spec/defaultBackend/service/name',
      'spec/rules/*/http/paths/*/backend/service/name',
      'spec/backend/serviceName',
      'spec/rules/*/http/paths/*/backend/serviceName',
    ],
    [
      'Secret',
      'spec/tls/*/secretName',
      'metadata/annotations/ingress.kubernetes.io~1auth-secret',
      'metadata/annotations/nginx.ingress.kubernetes.io~1auth-secret',
      'metadata/annotations/nginx.ingress.kubernetes.io~1auth-tls-secret',
    ],
    ['ConfigMap', 'metadata/annotations/nginx.ingress.kubernetes.io~1fastcgi-params-configmap'],
    ['IngressClass', 'spec/ingressClassName'],
  ],
  MutatingAdmissionPolicyBinding: [['MutatingAdmissionPolicy', 'spec/policyName']],
  MutatingWebhookConfiguration: webhooks,
  PersistentVolume: [
    ['StorageClass', 'spec/storageClassName'],
    ['PersistentVolumeClaim', 'spec/claimRef/name'],
    ['Secret', 'spec/azureFile/secretName'],
  ],
  PersistentVolumeClaim: [
    ['PersistentVolume', 'spec/volumeName'],
    ['StorageClass', 'spec/storageClassName'],
  ],
  ScaledObject: [
    ['Deployment', 'spec/scaleTargetRef/name'],
    ['TriggerAuthentication', 'spec/triggers/*/authenticationRef/name'],
  ],
  Secret: [['ServiceAccount', 'metadata/annotations/kubernetes.io~1service-account.name']],
  ServiceAccount: [['Secret', 'secrets/*/name', 'imagePullSecrets/*/name']],
  StatefulSet: [
    ['Service', 'spec/serviceName'],
    ['StorageClass', 'spec/volumeClaimTemplates/*/spec/storageClassName'],
  ],
  StorageClass: [
    [
      'Secret',
      'parameters/secretName',
      'parameters/adminSecretName',
      'parameters/userSecretName',
      'parameters/secretRef',
    ],
  ],
  TLSRoute: routes,
  TCPRoute: routes,
  UDPRoute: routes,
  ValidatingAdmissionPolicyBinding: [['ValidatingAdmissionPolicy', 'spec/policyName']],
  ValidatingWebhookConfiguration: webhooks,
};

/** Where an object of a kind names others. */
export function referencesOf(kind: string): readonly ReferenceRule[] {
  const own = Object.hasOwn(byKind, kind) ? rulesOf(byKind[kind] ?? [], []) : [];
  const template = podTemplatePath(kind);
  return template === undefined ? own : [...own, ...rulesOf(ofPods, [...template, 'spec'])];
}

function rulesOf(table: Table, prefix: readonly string[]): ReferenceRule[] {
  return table.flatMap(([kind, ...paths]) =>
    paths.map(path => ({
      kind,
      path: [...prefix, ...path.split('/').map(step => step.replaceAll('~1', '/'))],
    })),
  );
}

/** Kinds whose names are somebody else's: the plural and group of an API, the name of a namespace. */
const fixedNames: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'APIService', 'Namespace']);

export function hasFixedName(kind: string): boolean {
  return fixedNames.has(kind);
}

/** What RBAC calls the kinds whose objects its rules may name one by one. */
export const resourcesByKind: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  CronJob: 'cronjobs',
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  Ingress: 'ingresses',
  Job: 'jobs',
  PersistentVolume: 'persistentvolumes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Pod: 'pods',
  ReplicaSet: 'replicasets',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Secret: 'secrets',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
  StatefulSet: 'statefulsets',
};
