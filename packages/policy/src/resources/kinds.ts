/** The kinds of Kubernetes' policies: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ */
export const POLICY = 'ValidatingAdmissionPolicy';
export const BINDING = 'ValidatingAdmissionPolicyBinding';
export const API_GROUP = 'admissionregistration.k8s.io';
