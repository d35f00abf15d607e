import type { ErrorEntry } from '@slipway/core';

/** What talking to a cluster can end in. */
export type ClusterErrorCode =
  | 'kubeconfig-missing'
  | 'kubeconfig-in-workspace'
  | 'kubeconfig-invalid'
  | 'kubeconfig-context'
  | 'kubeconfig-auth-provider'
  | 'kubeconfig-plugin'
  | 'kubeconfig-plugin-interactive'
  | 'kubeconfig-plugin-missing'
  | 'kubeconfig-plugin-unknown'
  | 'cluster-unreachable'
  | 'cluster-unauthorized'
  | 'cluster-forbidden'
  | 'cluster-exists'
  | 'cluster-conflict'
  | 'cluster-field-conflict'
  | 'cluster-not-found'
  | 'cluster-expired'
  | 'cluster-refused'
  | 'cluster-unknown-kind'
  | 'cluster-api-down';

export const clusterErrors: Readonly<Record<ClusterErrorCode, ErrorEntry>> = {
  'kubeconfig-missing': {
    symptom: 'cluster-access',
    example: 'there is no kubeconfig',
    cause:
      'No kubeconfig was given, or its file cannot be read, and there is none in the home folder. A secret that this job may not see is empty.',
    remedy:
      'Give its content, or a path outside the workspace, in the input `kubeconfig`; or log in to the cloud in an earlier step, which sets KUBECONFIG or writes `~/.kube/config`; or write `in-cluster` on a runner in the cluster. For a secret of an environment, set `environment:` of the job.',
  },
  'kubeconfig-in-workspace': {
    symptom: 'cluster-access',
    example:
      'the kubeconfig "/home/runner/work/shop/shop/kubeconfig" is inside the workspace, where later steps and artifacts can pick it up, and a commit brought it',
    cause:
      'The kubeconfig is a file in the workspace, which every later step and an uploaded artifact can contain. Only what a login step of this job wrote is taken from there: the very path in KUBECONFIG, a regular file of mode 0600 of this user, in no commit and not in the index, and younger than the job.',
    remedy: 'Write it to RUNNER_TEMP, or give its content in the input `kubeconfig`.',
  },
  'kubeconfig-invalid': {
    symptom: 'cluster-access',
    example: 'the kubeconfig input is not a kubeconfig',
    cause:
      'The kubeconfig is not YAML of the expected form, is encoded in base64, refers to a cluster, user or file that is missing, or has what kubectl refuses too, such as a token beside a password, or a number where a text belongs.',
    remedy: 'Compare it with `kubectl config view --raw --minify`. Store it as plain YAML.',
  },
  'kubeconfig-context': {
    symptom: 'cluster-access',
    example: 'the kubeconfig has no context "prod-eu"',
    cause:
      'The kubeconfig does not have the context that was asked for, or it has several and none is current.',
    remedy:
      'Set the input `context`, or `cluster.context` of the destination, to one that the message lists.',
  },
  'kubeconfig-auth-provider': {
    symptom: 'cluster-access',
    example: 'the user "shop" of the kubeconfig has the auth-provider "gcp", which Kubernetes has removed',
    cause: 'The kubeconfig logs in by a method that kubectl 1.26 and newer does not have either.',
    remedy:
      'Write the kubeconfig again with a current version of the tool that wrote it, which uses an exec plugin.',
  },
  'kubeconfig-plugin': {
    symptom: 'cluster-access',
    example: 'the kubeconfig\'s credential plugin "aws" failed with exit code 255',
    cause:
      'The kubeconfig logs in by a program (`exec`) that failed, did not answer, or printed no credentials.',
    remedy:
      'Check the login step before this one. The program sees what [Clouds](clouds.md#what-a-plugin-gets) lists and no other variable of the step; set what else it needs in `env` of its kubeconfig entry.',
  },
  'kubeconfig-plugin-interactive': {
    symptom: 'cluster-access',
    example:
      'the credential plugin "kubelogin" of the kubeconfig must ask a person (interactiveMode: Always), and a workflow has no one to ask',
    cause: 'The kubeconfig says that its plugin needs a terminal.',
    remedy: 'Use a login for machines, such as a workload identity, with `interactiveMode: Never`.',
  },
  'kubeconfig-plugin-missing': {
    symptom: 'cluster-access',
    example: 'the kubeconfig\'s credential plugin "gke-gcloud-auth-plugin" cannot be run',
    cause: 'The program that the kubeconfig logs in by is not on the runner.',
    remedy: 'Install it in an earlier step, as the `installHint` of the kubeconfig says, or use a token.',
  },
  'kubeconfig-plugin-unknown': {
    symptom: 'cluster-access',
    example:
      'the credential plugin "get-token.sh" of the kubeconfig inside the workspace is not one of the known credential plugins',
    cause:
      'A kubeconfig in the workspace may only name aws, aws-iam-authenticator, gcloud, gke-gcloud-auth-plugin, kubelogin, kubectl-oidc_login or oci, found outside of the workspace: anything else could be a program that a commit brought.',
    remedy: 'Write the kubeconfig to RUNNER_TEMP, or give its content in the input `kubeconfig`.',
  },
  'cluster-unreachable': {
    symptom: 'cluster-access',
    example: 'the API server https://10.0.0.1:6443 does not answer (connect ECONNREFUSED 10.0.0.1:6443)',
    cause: 'The API server does not answer, or its certificate is not trusted.',
    remedy:
      'Check the address in the kubeconfig, that this runner can reach it (firewall, VPN, private cluster), and `certificate-authority-data`.',
  },
  'cluster-unauthorized': {
    symptom: 'cluster-access',
    example: 'reading Deployment shop/api: the API server does not accept the credentials',
    cause:
      'The token or certificate in the kubeconfig has expired, was revoked or belongs to another cluster.',
    remedy: 'Renew the credentials.',
  },
  'cluster-forbidden': {
    symptom: 'cluster-request',
    example:
      'reading Lease shop/slipway.shop.production: leases.coordination.k8s.io is forbidden: User "deployer" cannot get resource "leases"',
    cause: 'The credentials lack a right in the cluster.',
    remedy: 'Grant the Role that the README of deploy shows. [Rights](rights.md) explains each rule.',
  },
  'cluster-exists': {
    symptom: 'cluster-request',
    example: 'creating ConfigMap shop/settings: it already exists',
    cause: 'Another run created the object at the same moment.',
    remedy: 'Run the job again.',
  },
  'cluster-conflict': {
    symptom: 'cluster-request',
    example: 'updating Secret shop/slipway.shop.production.7: the object has been modified',
    cause: 'Another client changed or replaced the object at the same moment.',
    remedy: 'Run the job again.',
  },
  'cluster-field-conflict': {
    symptom: 'cluster-request',
    example: 'applying Deployment shop/api: .spec.replicas belongs to "kubectl"',
    cause:
      'Another manager (kubectl, a controller, another tool) owns fields that the manifest sets to another value.',
    remedy:
      'Remove the fields from the manifest if the other one should keep them, for example `replicas` under an autoscaler; otherwise set `force-conflicts: true`.',
  },
  'cluster-not-found': {
    symptom: 'cluster-request',
    example:
      'updating Lease shop/slipway.shop.production: leases.coordination.k8s.io "slipway.shop.production" not found',
    cause: 'Something that the request needs does not exist, or was deleted in the meantime.',
    remedy: 'Create it first, or run the job again.',
  },
  'cluster-expired': {
    symptom: 'cluster-request',
    example: 'the API server ended the watch',
    cause:
      'The API server no longer continues a list or a watch that was begun. Slipway begins a new one by itself; the error appears only if that fails repeatedly.',
    remedy: 'Run the job again.',
  },
  'cluster-refused': {
    symptom: 'cluster-request',
    example:
      'applying ConfigMap shop/settings: the API server refused: admission webhook "policy.acme.io" denied the request',
    cause: 'The API server, an admission webhook or a quota refuses the request.',
    remedy: 'The message ends with the reason that the cluster gave; fix that.',
  },
  'cluster-unknown-kind': {
    symptom: 'cluster-request',
    example: 'the cluster does not serve "Widget" of "acme.io/v1"',
    cause: 'The cluster does not know the kind, or not in this version.',
    remedy: 'Install its CustomResourceDefinition, or correct `apiVersion`.',
  },
  'cluster-api-down': {
    symptom: 'cluster-request',
    example: 'the cluster\'s API "metrics.k8s.io/v1beta1" does not answer',
    cause: 'The server behind an aggregated API of the cluster does not answer.',
    remedy: 'Run `kubectl get apiservices` to see why.',
  },
};
