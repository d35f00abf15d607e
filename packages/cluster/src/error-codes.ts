/** What talking to a cluster can end in. */
export type ClusterErrorCode =
  | 'kubeconfig-missing'
  | 'kubeconfig-in-workspace'
  | 'kubeconfig-invalid'
  | 'kubeconfig-context'
  | 'kubeconfig-plugin'
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

export const clusterErrors: Record<ClusterErrorCode, string> = {
  'kubeconfig-missing':
    'There is no kubeconfig: give its content or its path in the `kubeconfig` input, set KUBECONFIG, or say `in-cluster`.',
  'kubeconfig-in-workspace':
    'The kubeconfig lies in the workspace, where every later step and artifact can pick it up: write it to RUNNER_TEMP or give its content.',
  'kubeconfig-invalid':
    'The kubeconfig cannot be read or is incomplete: compare it with `kubectl config view`.',
  'kubeconfig-context':
    'The kubeconfig lacks the named context, or has several and none is named: set the `context` input.',
  'kubeconfig-plugin':
    'The credential plugin of the kubeconfig could not be run: install it on the runner, or use a token.',
  'cluster-unreachable':
    "The cluster's API server did not answer: check its address, the network and its certificate.",
  'cluster-unauthorized': 'The API server does not accept the credentials: renew them.',
  'cluster-forbidden': 'The credentials lack a right: grant the Role that the README of `deploy` shows.',
  'cluster-exists': 'The object exists already: another run was faster; run again.',
  'cluster-conflict': 'The object was changed or replaced meanwhile: run again.',
  'cluster-field-conflict':
    'Another manager owns the fields: let it go, leave them out, or set `force-conflicts`.',
  'cluster-not-found': 'Something that the request needs is not there: create it first.',
  'cluster-expired': 'The list is too old to be continued: list again.',
  'cluster-refused': 'The API server or an admission webhook refused the request: its message says why.',
  'cluster-unknown-kind':
    'The cluster does not serve the kind: install its CustomResourceDefinition or correct the apiVersion.',
  'cluster-api-down':
    "The server behind one of the cluster's APIs does not answer: `kubectl get apiservices` says why.",
};
