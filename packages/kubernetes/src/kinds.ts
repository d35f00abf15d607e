/** A kind in one version of its API. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** `apps` of `apps/v1`; empty for the core group. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** `Deployment.apps`, as KEP-3659 writes a kind, and `Service` without a group: equal for all versions of a kind. */
export function kindKey({ apiVersion, kind }: Kind): string {
  return kindKeyIn(apiGroup(apiVersion), kind);
}

/** The same of a kind whose group is known, and no version. */
export function kindKeyIn(group: string, kind: string): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/**
 * The API groups of Kubernetes itself; every other one is a CustomResourceDefinition's or an aggregated server's. The list is closed:
 * `gateway.networking.k8s.io` and others that end in `.k8s.io` are projects with controllers of their own.
 */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'lifecycle.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN_GROUPS.has(group);
}

/** Whether Kubernetes itself serves the kinds of an API version, such as `apps/v1`. */
export function isBuiltIn(apiVersion: string): boolean {
  return BUILT_IN_GROUPS.has(apiGroup(apiVersion));
}

/** Kinds without a namespace, as `kubectl api-resources --namespaced=false` lists them for 1.33 to 1.37. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService.apiregistration.k8s.io',
  'CSIDriver.storage.k8s.io',
  'CSINode.storage.k8s.io',
  'CertificateSigningRequest.certificates.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'ClusterTrustBundle.certificates.k8s.io',
  'ComponentStatus',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'DeviceClass.resource.k8s.io',
  'DeviceTaintRule.resource.k8s.io',
  'FlowSchema.flowcontrol.apiserver.k8s.io',
  'IPAddress.networking.k8s.io',
  'IngressClass.networking.k8s.io',
  'MutatingAdmissionPolicy.admissionregistration.k8s.io',
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass.scheduling.k8s.io',
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
  'ResourcePoolStatusRequest.resource.k8s.io',
  'ResourceSlice.resource.k8s.io',
  'RuntimeClass.node.k8s.io',
  'SelfSubjectAccessReview.authorization.k8s.io',
  'SelfSubjectReview.authentication.k8s.io',
  'SelfSubjectRulesReview.authorization.k8s.io',
  'ServiceCIDR.networking.k8s.io',
  'StorageClass.storage.k8s.io',
  'StorageVersion.internal.apiserver.k8s.io',
  'StorageVersionMigration.storagemigration.k8s.io',
  'SubjectAccessReview.authorization.k8s.io',
  'TokenReview.authentication.k8s.io',
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'VolumeAttachment.storage.k8s.io',
  'VolumeAttributesClass.storage.k8s.io',
]);

/** Whether a kind of Kubernetes itself has no namespace. */
export function isClusterScopedBuiltIn(kind: Kind): boolean {
  return CLUSTER_SCOPED.has(kindKey(kind));
}

/** Whether a kind is Kubernetes' own Secret. */
export function isSecret({ apiVersion, kind }: Kind): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

/** Whether a kind is Kubernetes' own Namespace. */
export function isNamespace({ apiVersion, kind }: Kind): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

/** The label of each namespace that has its name: https://kubernetes.io/docs/reference/labels-annotations-taints/ */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whether a kind is Kubernetes' own Job, in any version. */
export function isJob(kind: Kind): boolean {
  return kindKey(kind) === 'Job.batch';
}

/** Whether a kind is a CustomResourceDefinition, in any version. */
export function isDefinition(kind: Kind): boolean {
  return kindKey(kind) === 'CustomResourceDefinition.apiextensions.k8s.io';
}

/** Kinds whose names are not free: the plural and group of an API, the name of a namespace. */
const FIXED_NAMES: ReadonlySet<string> = new Set([
  'APIService.apiregistration.k8s.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'Namespace',
]);

export function hasFixedName(kind: Kind): boolean {
  return FIXED_NAMES.has(kindKey(kind));
}

/**
 * The plural of a kind by the rules of English, as nearly all CustomResourceDefinitions form it: `networkpolicies`. Endpoints are
 * plural already.
 */
export function guessPlural(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (/(?:s|x|z|ch|sh)$/.test(lower)) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
