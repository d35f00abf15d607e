import { type Kind, kindKey } from './kinds.ts';
import { type KubernetesObject, MAX_NAME } from './object.ts';

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const NAMESPACE_PATTERN = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Kinds whose names may be any single segment of a URL's path, or have a form of their own.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/rbac/validation/validation.go, and policy beside it, which validates
 * no metadata at all
 */
const FREELY_NAMED: ReadonlySet<string> = new Set([
  'APIService.apiregistration.k8s.io',
  'CertificateSigningRequest.certificates.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'ClusterTrustBundle.certificates.k8s.io',
  'Event',
  'Event.events.k8s.io',
  'IPAddress.networking.k8s.io',
  'PodDisruptionBudget.policy',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
]);

/** Whether objects of a kind may have any name that is one segment of a URL's path. */
export function isFreelyNamed(kind: Kind): boolean {
  return FREELY_NAMED.has(kindKey(kind));
}

/** What is wrong with an object's name or namespace, as the end of a sentence; undefined if both are valid. */
export function namingProblem(object: KubernetesObject): string | undefined {
  const { name, namespace } = object.metadata;
  if (name.length > MAX_NAME) return `is longer than ${MAX_NAME} characters`;
  const isFree = isFreelyNamed(object);
  if (isFree ? !isPathSegment(name) : !SUBDOMAIN.test(name)) return 'is not a valid object name';
  if (namespace !== undefined && !(typeof namespace === 'string' && NAMESPACE_PATTERN.test(namespace)))
    return 'has an invalid namespace';
  return undefined;
}

function isPathSegment(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/%\u0000-\u001f\u007f]/.test(name);
}
