import type { ErrorEntry } from '@slipway/core';

export type VerifyErrorCode =
  | 'place-unknown'
  | 'nothing-to-verify'
  | 'input-file-missing'
  | 'helm-release-missing'
  | 'helm-release-broken'
  | 'helm-release-pending'
  | 'rollout-failed'
  | 'rollout-timed-out'
  | 'rollout-superseded'
  | 'rolled-back'
  | 'rollback-failed'
  | 'release-open'
  | 'login-ended'
  | 'decision-impossible'
  | 'terms-differ'
  | 'copies-left';

export const verifyErrors: Readonly<Record<VerifyErrorCode, ErrorEntry>> = {
  'copies-left': {
    symptom: 'verified',
    example:
      'no release of shop/production in steps is open, and namespace shop has Deployment api-next, which may have users',
    cause:
      'The temporary copy of a release in steps is in the cluster, and no record says that such a release is open: someone deleted the record, or the release could not be undone and users stayed with the copy. Until that is put right no run moves those users.',
    remedy:
      'Restore the record from a backup and let verify-rollout go on, or send users to stable and remove the copy with the command in the message.',
  },
  'place-unknown': {
    symptom: 'verified',
    example: 'it is not known which namespace the release is in',
    cause: 'It is not clear which application, formation, destination or namespace is meant.',
    remedy: 'Set the input that the message names.',
  },
  'nothing-to-verify': {
    symptom: 'verified',
    example: 'the selector "app=shop" matches nothing in namespace "shop"',
    cause: 'The manifests or the selector match nothing, and a release of nothing must not pass.',
    remedy: 'Check the path or the labels, and the namespace.',
  },
  'input-file-missing': {
    symptom: 'verified',
    example: 'the file "checks.yaml" of input "checks" cannot be read',
    cause: 'The input `checks` or `status-rules` is a path, and there is no such file.',
    remedy: 'Correct the path, or write the YAML itself into the input.',
  },
  'helm-release-missing': {
    symptom: 'helm-release',
    example: 'Helm has no release "shop" in namespace "shop"',
    cause: 'Helm has no release with that name in the namespace.',
    remedy: 'Check `helm-release` and `namespace` with `helm list --namespace <namespace>`.',
  },
  'helm-release-broken': {
    symptom: 'helm-release',
    example: 'Helm\'s record of the release "shop" cannot be read',
    cause: "Helm's own record of the release was changed, or is in a format that is not known.",
    remedy: 'Look at `helm status`, and upgrade the release again.',
  },
  'helm-release-pending': {
    symptom: 'helm-release',
    example: 'revision 3 of Helm\'s release "shop" is "pending-upgrade"',
    cause: 'Helm has not finished with the release, or was killed while it worked on it.',
    remedy: 'Wait until Helm has finished, or end it with `helm rollback`.',
  },
  'rollout-failed': {
    symptom: 'outcome',
    example: 'Deployment shop/api failed: container "main" of pod "api-1" is crash-looping (exit code 137)',
    cause:
      'An object of the release failed for a reason that does not pass by itself, a check failed, or deploy did not write the release completely.',
    remedy: 'Fix what the message names. The summary and verdict.json have the logs and events.',
  },
  'rollout-timed-out': {
    symptom: 'outcome',
    example: 'Deployment shop/api stopped making progress: 1 of 2 replicas are ready',
    cause: 'The release made no progress for `timeout`, or did not become ready before `deadline`.',
    remedy:
      'Look at what the message names. If it only needs longer, raise `timeout`, or annotate the object with `slipway.dev/timeout`.',
  },
  'rollout-superseded': {
    symptom: 'outcome',
    example: 'a newer release has started, so this one is no longer watched',
    cause: 'A newer release of the formation was deployed in the meantime.',
    remedy: 'Look at the verification of the newer release.',
  },
  'rolled-back': {
    symptom: 'outcome',
    example: 'release 7 failed. Rolled back to release 6, as release 8',
    cause:
      'The release failed, and with `on-failure: rollback` the newest release that had succeeded was put back. It works.',
    remedy: 'Fix what the message names, and deploy again.',
  },
  'rollback-failed': {
    symptom: 'outcome',
    example: 'release 7 failed. Rolling back failed too: there is no earlier release',
    cause: 'The release failed, and so did putting back the release before it.',
    remedy:
      'The message says in which state the objects are. Deploy a snapshot that works, or use `mode: rollback` with `to`.',
  },
  'release-open': {
    symptom: 'outcome',
    example: 'release 42 is open at 20 % and waits for commit: it waits for commit',
    cause:
      'A release in steps waits for a decision, for time, or for something that has to be put right. Waiting is not a success.',
    remedy:
      'Decide with the input `decision`. Where a job may end while the release waits, give `may-wait: true`; a foreign edit, stable without a Ready pod and a commit that was refused fail the step all the same.',
  },
  'login-ended': {
    symptom: 'outcome',
    example:
      'release 42 is open at 20 % (baking), and the API server does not accept the login of this run any more: nothing was written since, and no run looks at it',
    cause:
      'The token or certificate of the kubeconfig expired or was revoked while the run moved a release in steps on. The run has written nothing since, the release is open, and no run looks at it.',
    remedy:
      'Run verify-rollout again with the number of the release and a login that is valid: it carries the release to its end. Use a login that lasts longer than the job.',
  },
  'decision-impossible': {
    symptom: 'outcome',
    example: 'nothing was decided about release 42: it does not go in steps',
    cause:
      'The release does not wait for what was decided, is being undone or closed, whoever decided is not one of those who may, or it was to be undone although its pause is approved.',
    remedy: 'The message says what the release waits for, and what is possible.',
  },
  'terms-differ': {
    symptom: 'input',
    example:
      'release 42 is judged by what its first verification was given, and this one is given another timeout',
    cause:
      'All steps of a release are judged alike: by the inputs of its first verification, which the record keeps.',
    remedy: 'Give each verify-rollout of the release the same inputs, or none of those that judge.',
  },
};
