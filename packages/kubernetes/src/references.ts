import type { Kind } from './kinds.ts';
import { POD_REFERENCE_RULES, podSpecPath } from './pods.ts';

/** A field that names an object of the same namespace, or of the one that is written beside the name. */
export interface ReferenceRule {
  /** The keys that lead to the name; `*` is each item of a list. */
  readonly path: readonly string[];
  readonly kind: string;
}

type Table = readonly (readonly [kind: string, ...paths: readonly string[]])[];

const ROUTES: Table = [
  ['Gateway', 'spec/parentRefs/*/name'],
  ['Service', 'spec/rules/*/backendRefs/*/name', 'spec/rules/*/filters/*/requestMirror/backendRef/name'],
];
const WEBHOOKS: Table = [['Service', 'webhooks/*/clientConfig/service/name']];

/**
 * Which fields name which kind, by the kind that has the field. Fields with `kind` beside `name`, such as `scaleTargetRef`, `roleRef`
 * and `subjects`, need no row; those of the Gateway API and of KEDA have one for the kind that they may leave out.
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
  GRPCRoute: ROUTES,
  HTTPRoute: ROUTES,
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
  MutatingWebhookConfiguration: WEBHOOKS,
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
  TLSRoute: ROUTES,
  TCPRoute: ROUTES,
  UDPRoute: ROUTES,
  ValidatingAdmissionPolicyBinding: [['ValidatingAdmissionPolicy', 'spec/policyName']],
  ValidatingWebhookConfiguration: WEBHOOKS,
};

/** Where objects of a kind name others, in their pods too. */
export function referencesOf(kind: Kind): readonly ReferenceRule[] {
  const own = Object.hasOwn(byKind, kind.kind) ? rulesOf(byKind[kind.kind] ?? []) : [];
  const spec = podSpecPath(kind);
  if (spec === undefined) return own;
  return [...own, ...POD_REFERENCE_RULES.map(rule => ({ kind: rule.kind, path: [...spec, ...rule.path] }))];
}

function rulesOf(table: Table): ReferenceRule[] {
  return table.flatMap(([kind, ...paths]) =>
    paths.map(path => ({ kind, path: path.split('/').map(step => step.replaceAll('~1', '/')) })),
  );
}
