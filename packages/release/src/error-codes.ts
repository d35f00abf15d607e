import type { ErrorEntry } from '@slipway/core';
import { type RoomErrorCode, roomErrors } from './room-error-codes.ts';

/** Why a release is refused before its first write, or ends afterwards. */
export type ReleaseErrorCode =
  | RoomErrorCode
  | 'namespace-missing'
  | 'namespace-terminating'
  | 'server-differs'
  | 'destination-differs'
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
  | 'record-newer'
  | 'record-inconsistent'
  | 'record-too-large'
  | 'record-unverified'
  | 'lock-timeout'
  | 'lock-lost'
  | 'deploy-superseded'
  | 'formation-held'
  | 'hold-unreadable'
  | 'release-overtaken'
  | 'release-in-steps'
  | 'stable-not-intact'
  | 'stable-record-missing'
  | 'steps-unsigned'
  | 'steps-login'
  | 'secret-copy-missing'
  | 'secret-copy-forgotten'
  | 'secret-copy-left'
  | 'secret-not-kept'
  | 'secret-not-rotated'
  | 'kind-not-served'
  | 'object-stays'
  | 'stage-failed'
  | 'nothing-to-restore'
  | 'release-unfinished';

export const releaseErrors: Readonly<Record<ReleaseErrorCode, ErrorEntry>> = {
  ...roomErrors,
  'namespace-missing': {
    symptom: 'destination',
    example: 'the namespace "shop" does not exist',
    cause:
      'The namespace of the destination does not exist. Slipway does not create namespaces, since that takes rights in the whole cluster.',
    remedy: 'Ask an operator to create it with the command in the message.',
  },
  'namespace-terminating': {
    symptom: 'destination',
    example: 'the namespace "shop" is being deleted',
    cause: 'Kubernetes is deleting the namespace of the destination and accepts no new objects in it.',
    remedy: 'Wait until it is gone, then create it again.',
  },
  'server-differs': {
    symptom: 'cluster-access',
    example:
      'the kubeconfig points to "https://10.0.0.1:6443", but the formation names "https://prod.acme.io:6443"',
    cause:
      'The kubeconfig points to another cluster than the one in `cluster.server` of the destination. This keeps staging credentials from deploying production, and the other way round.',
    remedy: 'Choose the right kubeconfig and `context`, or correct `cluster.server`.',
  },
  'destination-differs': {
    symptom: 'destination',
    example: 'input "namespace" is "shop-us", but production/eu goes to "shop-eu"',
    cause:
      'The inputs name a namespace, a context or a destination that does not belong to the rest of what they name, according to the formation or to the records in the cluster. It cannot be known which of them is meant, so nothing is touched.',
    remedy:
      'Remove the input that does not fit, or name the destination that does. A destination that was taken out of its formation is cleared as [deploy describes](../actions/deploy/README.md#a-destination-that-was-taken-out).',
  },
  'object-duplicate': {
    symptom: 'manifest',
    example: 'ConfigMap shop/settings is in the release twice',
    cause: 'Two manifests define the same object, so that one would silently overwrite the other.',
    remedy: 'Remove or rename one of them.',
  },
  'object-outside': {
    symptom: 'object',
    example: 'ConfigMap other/settings is outside the namespace "shop"',
    cause:
      'An object belongs to another namespace than the destination, or to the whole cluster. A formation may write such objects only if it says so.',
    remedy:
      'Add what the message names to `allow.namespaces` or `allow.cluster-scoped` of the formation, for plain manifests to the input `allow`, or remove the object.',
  },
  'object-reserved': {
    symptom: 'object',
    example: 'ConfigMap shop/settings has the label "slipway.dev/part-of", which only Slipway may set',
    cause: 'A manifest sets a label, an annotation, a name or a Secret type that only Slipway may set.',
    remedy: 'Remove it from the manifest.',
  },
  'object-foreign': {
    symptom: 'object',
    example: 'Deployment shop/api belongs to "kubectl-client-side-apply"',
    cause:
      'An object already exists in the cluster and belongs to another owner: another formation or repository, Helm, Argo CD, Flux, or whoever created it with kubectl or another program. What it has beside the manifest would stay.',
    remedy: 'Rename the object, or set `adopt: true` to take it over. [Adopting](adopting.md) describes how.',
  },
  'order-invalid': {
    symptom: 'object',
    example: 'Job "migrate" has slipway.dev/order "first"',
    cause: 'The annotation `slipway.dev/order` is not a whole number.',
    remedy: 'Write a whole number in quotes, such as `"-1"`.',
  },
  'naming-invalid': {
    symptom: 'object',
    example: 'ConfigMap "settings" has slipway.dev/naming "hash"',
    cause: 'The annotation `slipway.dev/naming` is neither `content` nor `fixed`.',
    remedy: 'Write one of the two, or remove the annotation.',
  },
  'name-too-long': {
    symptom: 'object',
    example: 'the name of ConfigMap "settings-…" has 260 characters, and at most 253 are allowed',
    cause: 'Kubernetes allows at most 253 characters in the name of an object.',
    remedy: 'Shorten the name.',
  },
  'image-unresolved': {
    symptom: 'tree',
    example: 'the manifests were rendered without a snapshot, so their images are unresolved',
    cause:
      'The tree was rendered without a snapshot, as pull requests do, so that no image in it has a digest. Only `mode: plan` accepts such a tree.',
    remedy: 'Give the output `snapshot` of build-retag, or a deployment tag, to render-stencil.',
  },
  'image-foreign': {
    symptom: 'tree',
    example:
      'Deployment shop/api: "proxy" runs "nginx:1.29", which is not an image of the snapshot "20261121-021512-a1b2c3d-118-1"',
    cause:
      'A pod template runs an image that is not in the snapshot. Slipway only deploys images by the digests that were built, checked and promoted together.',
    remedy:
      'Make the image a service in slipway.yaml (with `image:` for one that you do not build) and write `${image.<service>}`.',
  },
  'snapshot-older': {
    symptom: 'tree',
    example: 'the snapshot "v1" is older than "v2", which is live',
    cause:
      'The snapshot was created before the one that is deployed now. Often an old run was started again.',
    remedy:
      'Deploy a newer snapshot, or set `allow-older: true`. To go back to an earlier release, use `mode: rollback`.',
  },
  'policy-refused': {
    symptom: 'object',
    example: 'ownership: every workload has a team label',
    cause:
      'A policy of the formation rejects an object as it would be written to the cluster. deploy asks the same rules as policy-check.',
    remedy:
      'Fix the object; the message says which rule, and for built-in rules the [rule pages](rules/README.md) say how.',
  },
  'rights-missing': {
    symptom: 'cluster-request',
    example: 'the credentials may not create deployments.apps in namespace "shop"',
    cause: 'The credentials lack rights that this release needs. Nothing was written.',
    remedy:
      'Create the Role that the log shows, or ask an operator to. [Rights](rights.md) explains each rule.',
  },
  'record-missing': {
    symptom: 'record',
    example: 'shop/production has no release 7 in namespace shop',
    cause: 'There is no record of a release with this number; the message lists the ones that are kept.',
    remedy: 'Name one of them, or check formation and namespace. `mode: releases` lists them.',
  },
  'record-broken': {
    symptom: 'record',
    example: 'the Secret "slipway.shop.production.7" in namespace "shop" is not a readable release record',
    cause:
      'The Secret in which Slipway keeps a release was changed by hand or by another tool and cannot be read.',
    remedy:
      'Find out who changed it, and delete it with the command in the message, which says what is lost with it.',
  },
  'record-newer': {
    symptom: 'record',
    example:
      'the Secret "slipway.shop.production.7" in namespace "shop" is the release record of a newer version of Slipway (unknown field "steps"), so that nothing is changed',
    cause:
      'A newer version of Slipway made the release, and its record has what this version does not know. The release may be on its way, such as with a second copy of a workload beside the first, so that this version neither builds upon it nor closes, prunes or rolls it back.',
    remedy:
      'Let all workflows of the formation use at least the version that made the release. Do not delete the Secret: only it says what the release has in the cluster.',
  },
  'record-inconsistent': {
    symptom: 'record',
    example:
      'the release record in the Secret "slipway.shop.production.7" in namespace "shop" contradicts itself: it lists no object, though its manifests have Deployment shop/web',
    cause:
      'The Secret in which Slipway keeps a release says what no run writes: its objects are not those of its manifests, its labels are not those of its content, its images are not those of its snapshot, or its time is yet to come. Someone changed it by hand, so that it is neither verified, restored nor built upon. A change that fits is only noticed with `record-key`.',
    remedy:
      'Find out who changed it, and restore it from a backup. Otherwise delete it with the command in the message, which says what is lost with it.',
  },
  'record-unverified': {
    symptom: 'record',
    example: 'the Secret "slipway.shop.production.7" in namespace "shop" has no MAC',
    cause:
      'The input `record-key` is set, and the record of a release is not signed with that key, or was copied from another destination.',
    remedy:
      'If the record is older than the key, add the line `accept-unsigned` to `record-key` for one deploy. If the key was replaced, add the old one as a further line. Otherwise find out who wrote the Secret.',
  },
  'record-too-large': {
    symptom: 'record',
    example: 'the record of the release has 1500000 bytes, and at most 1000000 can be stored',
    cause: 'The record of the release does not fit into the Secrets that may hold it, even when compressed.',
    remedy: 'Split the formation into several.',
  },
  'lock-timeout': {
    symptom: 'lock',
    example:
      'shop/production has been locked by "https://github.com/acme/shop/actions/runs/118" for longer than 10m',
    cause:
      'Another run has been deploying, verifying or rolling back the same formation for longer than `lock-timeout`.',
    remedy:
      'Wait for the run in the message, or raise `lock-timeout`. A `concurrency` group in the workflow avoids the waiting.',
  },
  'lock-lost': {
    symptom: 'lock',
    example: 'the lock could not be renewed for 20 s, so nothing more is written',
    cause:
      'The run could not renew its lock, for example because the API server did not answer for a while, or another run has taken it. It ends what it has under way and writes nothing more, since another run may hold the lock by now.',
    remedy: 'Run the job again; it continues where this one stopped.',
  },
  'deploy-superseded': {
    symptom: 'lock',
    example: 'a rollback by alice took over while this run waited, so nothing more is written',
    cause:
      'Someone rolled the formation back while this run waited, for instance for a migration to end. A rollback by hand does not wait for that: the run closed its release as failed, and gave its lock up.',
    remedy:
      'Look at the run of the rollback. It [holds the formation](holds.md): deploy again once someone has lifted the hold.',
  },
  'formation-held': {
    symptom: 'lock',
    example:
      'shop/production has been held by "alice" since 2026-11-30T09:12:44.000Z until 2026-12-01T09:00:00Z: "the checkout loses orders"',
    cause:
      'Someone keeps the formation as it is, with `mode: hold` or by a rollback. Nothing but a rollback is applied, so that neither a push nor a promotion brings back what was taken out.',
    remedy:
      'Lift the hold with `mode: lift-hold` once the reason in the message is gone, then deploy again. [Holding a formation](holds.md) says what it does and what not.',
  },
  'hold-unreadable': {
    symptom: 'lock',
    example:
      'it is not known who holds shop/production: the annotation slipway.dev/hold of the Lease slipway.shop.production.hold cannot be read',
    cause:
      'What says whether the formation is held was changed by hand, or the credentials may not read it. What is not known is not taken for "not held".',
    remedy:
      'Find out who changed it. `mode: lift-hold` removes the hold, `mode: hold` sets a new one; for a missing right, grant `get` on `leases`.',
  },
  'release-overtaken': {
    symptom: 'lock',
    example: 'release 7 cannot be rolled back: release 8 came after it',
    cause: 'A newer release of the formation exists, so that rolling this one back would undo the newer one.',
    remedy: 'Look at the newer release.',
  },
  'release-in-steps': {
    symptom: 'record',
    example: 'release 7 of shop/production goes in steps and waits for "commit", so that nothing is changed',
    cause:
      'The newest release brings its new version beside the old one, and has been neither committed nor undone. Its own steps go on with it: healthy objects are not a verdict on it, and what it has not written yet is not missing. A newer deployment undoes it first, unless it waits for a decision.',
    remedy:
      'Let verify-rollout commit it or undo it, with its number and `decision: promote` or `reject`. A hotfix goes past it with `strategy: none` and a reason. `mode: destroy` removes the formation with the copies.',
  },
  'stable-not-intact': {
    symptom: 'stage',
    example: 'release 7, which serves, ended as failed, so that there is no version to go in steps from',
    cause:
      'A release in steps is judged against the version that serves, and goes back to it. That version must be the one that a release wrote and that succeeded, unchanged, with Ready pods.',
    remedy:
      'Roll back to a release that succeeded, or take the edit back that the message names. A release that cannot wait goes to all users with `strategy: none` and a reason.',
  },
  'stable-record-missing': {
    symptom: 'record',
    example:
      'release 8 of shop/production is open, and the record of release 7, which serves beside it, is missing, so that nothing is changed',
    cause:
      'A release in steps goes back to the version that serves by the record of that release, which someone has deleted: a Secret in the namespace. Neither the open release nor a hold was changed.',
    remedy:
      'Restore the Secret that the message names from a backup. The commands in the message take users off the open release by hand.',
  },
  'steps-unsigned': {
    symptom: 'stage',
    example:
      'the release goes in steps and writes ClusterRole reader outside of the namespace "shop", and "record-key" is not given, so that what its commit takes from the record cannot be verified',
    cause:
      'The run that begins a release in steps is not the one that commits it: the commit takes the manifests from the record in the cluster. Whoever may write Secrets in the namespace may change that record, and could thus write outside of the namespace with the rights of the deployer.',
    remedy:
      'Give `record-key` to deploy and to verify-rollout, or move what is outside of the namespace to a formation without steps. A release that cannot wait goes to all users with `strategy: none` and a reason.',
  },
  'steps-login': {
    symptom: 'stage',
    example:
      'a run watches the bakes of the strategy for 20m, and the login of the kubeconfig ends in 15m, of which 5m are kept for the way back',
    cause:
      'A run of verify-rollout stays for bakes that fit into `attend`, and undoes the release at once if the copy fails. A run that has lost its login can do neither. A login that does not say when it ends, and one that a plugin renews, counts as one of an hour.',
    remedy:
      'Use a login that lasts longer, or write shorter bakes. With an `attend` that is shorter than the bake no run watches it, and a later one judges it.',
  },
  'secret-copy-missing': {
    symptom: 'record',
    example:
      'the kept content "slipway.shop.production.7.db" of Secret shop/db in release 7 is missing or was changed',
    cause: 'The copy of a Secret that a rollback needs was deleted or changed.',
    remedy: 'Deploy that release again instead of rolling back to it.',
  },
  'secret-copy-forgotten': {
    symptom: 'record',
    example:
      'release 5 cannot be restored: the kept copy of Secret shop/database, with secret.database.password, was removed by "mode: forget" at 2026-11-29T10:00:00.000Z',
    cause:
      'Someone had the kept copies of a secret removed, as it was rotated or leaked, and the restored release needs one of them.',
    remedy:
      'Set `on-rollback: current` for each secret of that Secret and give the step its stores, name another release in `to`, or deploy that snapshot again, which reads every secret from its store.',
  },
  'secret-copy-left': {
    symptom: 'record',
    example:
      'the Secret "database-1f2e3d4c5b", which has an old value of secret.database.password, is left: pods still refer to it',
    cause: '`mode: forget` could not remove every old copy of the secret; the others are gone.',
    remedy: 'Remove what the message names as the reason, and forget the secret again.',
  },
  'secret-not-kept': {
    symptom: 'record',
    example: 'no kept release of shop/production has the secret "database.pasword"',
    cause: '`word` names a secret that no kept release has, so that nothing was removed.',
    remedy:
      'Write the word as the stencils have it, without `secret.` in front; the message lists those that there are.',
  },
  'secret-not-rotated': {
    symptom: 'record',
    example:
      'nothing was removed: release 7, which is live, has the only value of secret.database.password that is kept',
    cause: 'The value that is to be forgotten is the one that is in use.',
    remedy: 'Rotate it in its store, deploy, and forget it then.',
  },
  'kind-not-served': {
    symptom: 'cluster-request',
    example: 'the cluster does not serve "Widget" of "acme.io/v1" 30 s after its definition was accepted',
    cause:
      'The release contains a CustomResourceDefinition, and the API server did not begin to serve its kind.',
    remedy: 'Look at the conditions of the CustomResourceDefinition with `kubectl describe crd`.',
  },
  'object-stays': {
    symptom: 'stage',
    example: 'ConfigMap shop/settings is being deleted, but its finalizers keep it: "example.org/backup"',
    cause:
      'An object of the release was deleted, by someone or to be replaced, but Kubernetes has not removed it: a finalizer or a running pod keeps it. What is written to such an object is lost with it, so Slipway waits, for a minute at most, until it is gone, and refuses the release before its first write if it stays.',
    remedy:
      'Look at its pods and at who sets the finalizers: `kubectl get --output yaml` shows them. Run again once the object is gone.',
  },
  'nothing-to-restore': {
    symptom: 'record',
    example: 'no release before 7 succeeded, so nothing was changed',
    cause: 'A rollback was asked for, and no earlier release of the formation succeeded.',
    remedy: 'Name a release in the input `to`, or deploy a snapshot that works.',
  },
  'release-unfinished': {
    symptom: 'record',
    example: 'release 7 cannot be restored: it ended before all of its objects were written',
    cause:
      'The release that `to` names was not written completely, or one of its Jobs, such as a migration, never completed. A rollback runs no Job, so that what is missing would stay missing.',
    remedy:
      'Deploy the snapshot or the manifests of that release again, or name a release that succeeded; `mode: releases` lists them.',
  },
  'stage-failed': {
    symptom: 'stage',
    example: 'Job shop/migrate failed: container "main" of pod "migrate-1" is crash-looping (exit code 1)',
    cause:
      'Objects of an early stage, such as a migration, failed or made no progress for `timeout`, so that the later stages were not applied.',
    remedy: 'Fix what the message names, and deploy again. The summary shows logs and events of the object.',
  },
};
