import { annotationsOf, type KubernetesObject, labelsOf } from './object.ts';

/** Keys that a controller writes into a Secret or ConfigMap; `any` if they cannot be known from the object. */
export type FilledKeys = 'any' | readonly string[];

/** Annotations and labels by which other projects ask for data, each with the page that says so. */
const FILLED: ReadonlySet<string> = new Set([
  // https://github.com/mittwald/kubernetes-replicator#readme
  'replicator.v1.mittwald.de/replicate-from',
  // https://github.com/emberstack/kubernetes-reflector#readme
  'reflector.v1.k8s.emberstack.com/reflects',
  // https://github.com/mittwald/kubernetes-secret-generator#readme
  'secret-generator.v1.mittwald.de/autogenerate',
  // https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/security_and_compliance/configuring-certificates
  'service.beta.openshift.io/inject-cabundle',
  'service.alpha.openshift.io/inject-cabundle',
  // https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/networking_operators/configuring-a-custom-pki
  'config.openshift.io/inject-trusted-cabundle',
]);

/** https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets */
const TOKEN_KEYS = ['token', 'ca.crt', 'namespace'];

/** What controllers add to the data of a Secret or ConfigMap that the manifests have. */
export function filledKeys(object: KubernetesObject): FilledKeys {
  const marks = [annotationsOf(object), labelsOf(object)].flatMap(map => Object.keys(map));
  if (marks.some(key => FILLED.has(key))) return 'any';
  return object['type'] === 'kubernetes.io/service-account-token' ? TOKEN_KEYS : [];
}
