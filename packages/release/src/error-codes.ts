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

export const releaseErrors: Record<ReleaseErrorCode, string> = {
  'namespace-missing':
    "The destination's namespace does not exist: an operator creates it with the kubectl command in the message.",
  'namespace-terminating': "The destination's namespace is being deleted: wait, and create it again.",
  'server-differs':
    "The kubeconfig leads to another cluster than the formation's `cluster.server` names: choose the right context.",
  'object-duplicate': 'Two manifests are the same object: remove or rename one.',
  'object-outside':
    "An object lies outside the destination's namespace, or has cluster scope, and the formation's `allow` does not name it.",
  'object-reserved': "A manifest sets a label, annotation or name that is Slipway's own: remove it.",
  'object-foreign':
    'An object in the cluster belongs to another owner (another release, Helm, Argo CD, Flux): rename it, or set `adopt`.',
  'order-invalid': 'The annotation slipway.dev/order is no whole number: write one in quotes, such as "-1".',
  'naming-invalid':
    'The annotation slipway.dev/naming says neither `content` nor `fixed`: write one of them, or remove it.',
  'name-too-long': 'The name of an object has more than 253 characters: shorten it.',
  'image-unresolved':
    'The manifests were rendered without a snapshot, so their images are unresolved: render them with one.',
  'image-foreign':
    "A pod template names an image that is not one of the snapshot's digests: make it a service of slipway.yaml.",
  'snapshot-older':
    'The snapshot is older than the one that is live: deploy a newer one, or set `allow-older`.',
  'policy-refused':
    'A policy of the formation, or Kubernetes itself, does not accept an object: the message says which rule.',
  'rights-missing':
    'The credentials lack rights: create the Role that the message prints, or ask an operator to.',
  'record-missing':
    'There is no record of such a release: `kubectl get secrets` lists slipway.<application>.<formation>.<number>.',
  'record-broken':
    'The record of a release cannot be read; somebody changed it: remove that Secret with the kubectl command in the message, which says what is lost with it.',
  'record-unverified':
    'A record or kept Secret of a release bears no MAC of `record-key`, or belongs to another place: the message says how to go on if it was written before the key was set, else somebody changed it.',
  'record-too-large':
    'The record of the release does not fit into a Secret even when compressed: split the formation.',
  'lock-timeout':
    'Another run holds the lock for longer than `lock-timeout`: wait for the run that the message names.',
  'lock-lost': 'The lock could not be renewed, so nothing more was written: run again.',
  'release-overtaken': 'A newer release exists, so this one writes nothing more.',
  'secret-copy-missing':
    "A copy of a release's Secret is gone, so that release cannot be restored: deploy again.",
  'kind-not-served':
    'The cluster did not begin to serve a kind whose CustomResourceDefinition the release brings.',
  'object-stays':
    'An object that is to be made anew was deleted and does not go: look at its finalizers and its pods.',
  'nothing-to-restore':
    'No earlier release succeeded, so there is nothing to go back to: name one in `to`, or deploy a snapshot that works.',
  'stage-failed':
    'Objects that the next stage waits for failed or did not get ready in time; the message says which and why.',
};
