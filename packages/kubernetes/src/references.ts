import { type Kind, kindKey } from './kinds.ts';
import { POD_REFERENCE_RULES, podSpecPath } from './pods.ts';

/** A field that names an object of the same namespace, or of the one that is written beside the name. */
export interface ReferenceRule {
  /** The keys that lead to the name; `*` is each item of a list. */
  readonly path: readonly string[];
  readonly kind: string;
  /** The API group of the kind, where none is written beside the name. */
  readonly group: string;
}

/** The key of a kind, and the fields that name its objects. */
type Table = readonly (readonly [kind: string, ...paths: readonly string[]])[];

const ROUTES: Table = [
  ['Gateway.gateway.networking.k8s.io', 'spec/parentRefs/*/name'],
  ['Service', 'spec/rules/*/backendRefs/*/name', 'spec/rules/*/filters/*/requestMirror/backendRef/name'],
];
const WEBHOOKS: Table = [['Service', 'webhooks/*/clientConfig/service/name']];
const INGRESS: Table = [
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
  ['IngressClass.networking.k8s.io', 'spec/ingressClassName'],
];
const STATEFUL_SET: Table = [
  ['Service', 'spec/serviceName'],
  ['StorageClass.storage.k8s.io', 'spec/volumeClaimTemplates/*/spec/storageClassName'],
];

/**
 * Which fields name which kind, by the key of the kind that has the field. Fields with `kind` beside `name`, such as `scaleTargetRef`
 * and `subjects`, need a row only where they may leave out the kind, or where a group that they leave out is not the core group.
 * Compared with Kustomize's own table:
 * https://github.com/kubernetes-sigs/kustomize/blob/595696cf7970c5d6263f284b69d3e7f424a774e9/api/internal/konfig/builtinpluginconsts/namereference.go
 */
const byKind: Readonly<Record<string, Table>> = {
  'APIService.apiregistration.k8s.io': [['Service', 'spec/service/name']],
  'Certificate.cert-manager.io': [['Issuer.cert-manager.io', 'spec/issuerRef/name']],
  'ClusterRoleBinding.rbac.authorization.k8s.io': [['ClusterRole.rbac.authorization.k8s.io', 'roleRef/name']],
  'CustomResourceDefinition.apiextensions.k8s.io': [
    ['Service', 'spec/conversion/webhook/clientConfig/service/name'],
  ],
  'EndpointSlice.discovery.k8s.io': [['Service', 'metadata/labels/kubernetes.io~1service-name']],
  'ExternalSecret.external-secrets.io': [['SecretStore.external-secrets.io', 'spec/secretStoreRef/name']],
  'Gateway.gateway.networking.k8s.io': [
    ['GatewayClass.gateway.networking.k8s.io', 'spec/gatewayClassName'],
    ['Secret', 'spec/listeners/*/tls/certificateRefs/*/name'],
  ],
  'GRPCRoute.gateway.networking.k8s.io': ROUTES,
  'HTTPRoute.gateway.networking.k8s.io': ROUTES,
  'Ingress.extensions': INGRESS,
  'Ingress.networking.k8s.io': INGRESS,
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io': [
    ['MutatingAdmissionPolicy.admissionregistration.k8s.io', 'spec/policyName'],
  ],
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': WEBHOOKS,
  PersistentVolume: [
    ['StorageClass.storage.k8s.io', 'spec/storageClassName'],
    ['PersistentVolumeClaim', 'spec/claimRef/name'],
    ['Secret', 'spec/azureFile/secretName'],
  ],
  PersistentVolumeClaim: [
    ['PersistentVolume', 'spec/volumeName'],
    ['StorageClass.storage.k8s.io', 'spec/storageClassName'],
  ],
  'RoleBinding.rbac.authorization.k8s.io': [['Role.rbac.authorization.k8s.io', 'roleRef/name']],
  'ScaledObject.keda.sh': [
    ['Deployment.apps', 'spec/scaleTargetRef/name'],
    ['TriggerAuthentication.keda.sh', 'spec/triggers/*/authenticationRef/name'],
  ],
  Secret: [['ServiceAccount', 'metadata/annotations/kubernetes.io~1service-account.name']],
  ServiceAccount: [['Secret', 'secrets/*/name', 'imagePullSecrets/*/name']],
  'StatefulSet.apps': STATEFUL_SET,
  'StatefulSet.apps.kruise.io': STATEFUL_SET,
  'StorageClass.storage.k8s.io': [
    [
      'Secret',
      'parameters/secretName',
      'parameters/adminSecretName',
      'parameters/userSecretName',
      'parameters/secretRef',
    ],
  ],
  'TLSRoute.gateway.networking.k8s.io': ROUTES,
  'TCPRoute.gateway.networking.k8s.io': ROUTES,
  'UDPRoute.gateway.networking.k8s.io': ROUTES,
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': [
    ['ValidatingAdmissionPolicy.admissionregistration.k8s.io', 'spec/policyName'],
  ],
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': WEBHOOKS,
};

/** Where objects of a kind name others, in their pods too. */
export function referencesOf(kind: Kind): readonly ReferenceRule[] {
  const key = kindKey(kind);
  const own = Object.hasOwn(byKind, key) ? rulesOf(byKind[key] ?? []) : [];
  const spec = podSpecPath(kind);
  if (spec === undefined) return own;
  return [
    ...own,
    ...POD_REFERENCE_RULES.map(rule => ({
      ...{ kind: rule.kind, group: rule.group },
      path: [...spec, ...rule.path],
    })),
  ];
}

function rulesOf(table: Table): ReferenceRule[] {
  return table.flatMap(([key, ...paths]) => {
    const [kind = '', ...group] = key.split('.');
    return paths.map(path => ({
      ...{ kind, group: group.join('.') },
      path: path.split('/').map(step => step.replaceAll('~1', '/')),
    }));
  });
}

/** References in which Kubernetes requires a namespace, even if it is that of the object, by the key of the kind that has them. */
const namespaced: Readonly<Record<string, readonly string[]>> = {
  'APIService.apiregistration.k8s.io': ['spec', 'service'],
  'ClusterRoleBinding.rbac.authorization.k8s.io': ['subjects', '*'],
  'CustomResourceDefinition.apiextensions.k8s.io': [
    'spec',
    'conversion',
    'webhook',
    'clientConfig',
    'service',
  ],
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': ['webhooks', '*', 'clientConfig', 'service'],
  'RoleBinding.rbac.authorization.k8s.io': ['subjects', '*'],
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': ['webhooks', '*', 'clientConfig', 'service'],
};

/**
 * The keys that lead to the references of a kind that must have a namespace; undefined for kinds without them. Those of a role
 * binding need one where they name a service account.
 */
export function namespacedReferences(kind: Kind): readonly string[] | undefined {
  const key = kindKey(kind);
  return Object.hasOwn(namespaced, key) ? namespaced[key] : undefined;
}
