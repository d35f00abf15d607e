import type { ErrorEntry } from '@slipway/core';

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

export const clusterErrors: Readonly<Record<ClusterErrorCode, ErrorEntry>> = {
  'kubeconfig-missing': {
    symptom: 'cluster-access',
    example: '',
    cause: 'There is no kubeconfig.',
    remedy: 'Give its content or its path in the `kubeconfig` input, set KUBECONFIG, or say `in-cluster`.',
  },
  'kubeconfig-in-workspace': {
    symptom: 'cluster-access',
    example: '',
    cause: 'The kubeconfig lies in the workspace, where every later step and artifact can pick it up.',
    remedy: 'Write it to RUNNER_TEMP or give its content.',
  },
  'kubeconfig-invalid': {
    symptom: 'cluster-access',
    example: '',
    cause: 'The kubeconfig cannot be read or is incomplete.',
    remedy: 'Compare it with `kubectl config view`.',
  },
  'kubeconfig-context': {
    symptom: 'cluster-access',
    example: '',
    cause: 'The kubeconfig lacks the named context, or has several and none is named.',
    remedy: 'Set the `context` input.',
  },
  'kubeconfig-plugin': {
    symptom: 'cluster-access',
    example: '',
    cause: 'The credential plugin of the kubeconfig could not be run.',
    remedy: 'Install it on the runner, or use a token.',
  },
  'cluster-unreachable': {
    symptom: 'cluster-access',
    example: '',
    cause: "The cluster's API server did not answer.",
    remedy: 'Check its address, the network and its certificate.',
  },
  'cluster-unauthorized': {
    symptom: 'cluster-access',
    example: '',
    cause: 'The API server does not accept the credentials.',
    remedy: 'Renew them.',
  },
  'cluster-forbidden': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The credentials lack a right.',
    remedy: 'Grant the Role that the README of `deploy` shows.',
  },
  'cluster-exists': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The object exists already.',
    remedy: 'Another run was faster; run again.',
  },
  'cluster-conflict': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The object was changed or replaced meanwhile.',
    remedy: 'Run again.',
  },
  'cluster-field-conflict': {
    symptom: 'cluster-request',
    example: '',
    cause: 'Another manager owns the fields.',
    remedy: 'Let it go, leave them out, or set `force-conflicts`.',
  },
  'cluster-not-found': {
    symptom: 'cluster-request',
    example: '',
    cause: 'Something that the request needs is not there.',
    remedy: 'Create it first.',
  },
  'cluster-expired': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The list is too old to be continued.',
    remedy: 'List again.',
  },
  'cluster-refused': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The API server or an admission webhook refused the request.',
    remedy: 'Its message says why.',
  },
  'cluster-unknown-kind': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The cluster does not serve the kind.',
    remedy: 'Install its CustomResourceDefinition or correct the apiVersion.',
  },
  'cluster-api-down': {
    symptom: 'cluster-request',
    example: '',
    cause: "The server behind one of the cluster's APIs does not answer.",
    remedy: '`kubectl get apiservices` says why.',
  },
};
