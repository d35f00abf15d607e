import type { ErrorEntry } from '@slipway/core';

/** Why a release is refused before its first write, or ends afterwards. */
export type ReleaseErrorCode =
  | 'namespace-missing'
  | 'namespace-terminating'
  | 'server-differs'
  | 'object-duplicate'
  | 'object-outside'
  | 'object-reserved'
  | 'object-foreign'
  | 'order-invalid'
  | 'naming-invalid'
  | 'name-too-long'
  | 'image-unresolved'
  | 'image-foreign'
  | 'snapshot-older'
  | 'policy-refused'
  | 'rights-missing'
  | 'record-missing'
  | 'record-broken'
  | 'record-too-large'
  | 'record-unverified'
  | 'lock-timeout'
  | 'lock-lost'
  | 'release-overtaken'
  | 'secret-copy-missing'
  | 'kind-not-served'
  | 'object-stays'
  | 'stage-failed'
  | 'nothing-to-restore';

export const releaseErrors: Readonly<Record<ReleaseErrorCode, ErrorEntry>> = {
  'namespace-missing': {
    symptom: 'destination',
    example: '',
    cause: "The destination's namespace does not exist.",
    remedy: 'An operator creates it with the kubectl command in the message.',
  },
  'namespace-terminating': {
    symptom: 'destination',
    example: '',
    cause: "The destination's namespace is being deleted.",
    remedy: 'Wait, and create it again.',
  },
  'server-differs': {
    symptom: 'cluster-access',
    example: '',
    cause: "The kubeconfig leads to another cluster than the formation's `cluster.server` names.",
    remedy: 'Choose the right context.',
  },
  'object-duplicate': {
    symptom: 'manifest',
    example: '',
    cause: 'Two manifests are the same object.',
    remedy: 'Remove or rename one.',
  },
  'object-outside': {
    symptom: 'object',
    example: '',
    cause:
      "An object lies outside the destination's namespace, or has cluster scope, and the formation's `allow` does not name it.",
    remedy: 'The message says which.',
  },
  'object-reserved': {
    symptom: 'object',
    example: '',
    cause: "A manifest sets a label, annotation or name that is Slipway's own.",
    remedy: 'Remove it.',
  },
  'object-foreign': {
    symptom: 'object',
    example: '',
    cause: 'An object in the cluster belongs to another owner (another release, Helm, Argo CD, Flux).',
    remedy: 'Rename it, or set `adopt`.',
  },
  'order-invalid': {
    symptom: 'object',
    example: '',
    cause: 'The annotation slipway.dev/order is no whole number.',
    remedy: 'Write one in quotes, such as "-1".',
  },
  'naming-invalid': {
    symptom: 'object',
    example: '',
    cause: 'The annotation slipway.dev/naming says neither `content` nor `fixed`.',
    remedy: 'Write one of them, or remove it.',
  },
  'name-too-long': {
    symptom: 'object',
    example: '',
    cause: 'The name of an object has more than 253 characters.',
    remedy: 'Shorten it.',
  },
  'image-unresolved': {
    symptom: 'tree',
    example: '',
    cause: 'The manifests were rendered without a snapshot, so their images are unresolved.',
    remedy: 'Render them with one.',
  },
  'image-foreign': {
    symptom: 'tree',
    example: '',
    cause: "A pod template names an image that is not one of the snapshot's digests.",
    remedy: 'Make it a service of slipway.yaml.',
  },
  'snapshot-older': {
    symptom: 'tree',
    example: '',
    cause: 'The snapshot is older than the one that is live.',
    remedy: 'Deploy a newer one, or set `allow-older`.',
  },
  'policy-refused': {
    symptom: 'object',
    example: '',
    cause: 'A policy of the formation, or Kubernetes itself, does not accept an object.',
    remedy: 'The message says which rule.',
  },
  'rights-missing': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The credentials lack rights.',
    remedy: 'Create the Role that the message prints, or ask an operator to.',
  },
  'record-missing': {
    symptom: 'record',
    example: '',
    cause: 'There is no record of such a release.',
    remedy: '`kubectl get secrets` lists slipway.<application>.<formation>.<number>.',
  },
  'record-broken': {
    symptom: 'record',
    example: '',
    cause: 'The record of a release cannot be read; somebody changed it.',
    remedy: 'Remove that Secret with the kubectl command in the message, which says what is lost with it.',
  },
  'record-unverified': {
    symptom: 'record',
    example: '',
    cause: 'A record or kept Secret of a release bears no MAC of `record-key`, or belongs to another place.',
    remedy:
      'The message says how to go on if it was written before the key was set, else somebody changed it.',
  },
  'record-too-large': {
    symptom: 'record',
    example: '',
    cause: 'The record of the release does not fit into a Secret even when compressed.',
    remedy: 'Split the formation.',
  },
  'lock-timeout': {
    symptom: 'lock',
    example: '',
    cause: 'Another run holds the lock for longer than `lock-timeout`.',
    remedy: 'Wait for the run that the message names.',
  },
  'lock-lost': {
    symptom: 'lock',
    example: '',
    cause: 'The lock could not be renewed, so nothing more was written.',
    remedy: 'Run again.',
  },
  'release-overtaken': {
    symptom: 'lock',
    example: '',
    cause: 'A newer release exists, so this one writes nothing more.',
    remedy: 'The message says which.',
  },
  'secret-copy-missing': {
    symptom: 'record',
    example: '',
    cause: "A copy of a release's Secret is gone, so that release cannot be restored.",
    remedy: 'Deploy again.',
  },
  'kind-not-served': {
    symptom: 'cluster-request',
    example: '',
    cause: 'The cluster did not begin to serve a kind whose CustomResourceDefinition the release brings.',
    remedy: 'The message says which.',
  },
  'object-stays': {
    symptom: 'stage',
    example: '',
    cause: 'An object that is to be made anew was deleted and does not go.',
    remedy: 'Look at its finalizers and its pods.',
  },
  'nothing-to-restore': {
    symptom: 'record',
    example: '',
    cause: 'No earlier release succeeded, so there is nothing to go back to.',
    remedy: 'Name one in `to`, or deploy a snapshot that works.',
  },
  'stage-failed': {
    symptom: 'stage',
    example: '',
    cause:
      'Objects that the next stage waits for failed or did not get ready in time; the message says which and why.',
    remedy: 'The message says which.',
  },
};
