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
  | 'rollback-failed';

export const verifyErrors: Readonly<Record<VerifyErrorCode, string>> = {
  'place-unknown':
    'It is not clear which application, formation, destination or namespace is meant: give the input that the message names.',
  'nothing-to-verify': 'The manifests or the selector match nothing: check the path or the labels.',
  'input-file-missing':
    'The file that the input `checks` or `status-rules` names is not there: check the path, or write the YAML itself.',
  'helm-release-missing':
    'Helm has no release of that name in the namespace: check `helm-release` and `namespace` with `helm list`.',
  'helm-release-broken':
    "Helm's own record of the release cannot be read: see `helm status`, and install or upgrade it again.",
  'helm-release-pending':
    'Helm has not ended its work on the release: wait for it, or end it with `helm rollback`.',
  'rollout-failed':
    'An object of the release failed for a reason that does not pass by itself: the message names it and what to do.',
  'rollout-timed-out': 'The release made no progress for `timeout`: the message names what it waits for.',
  'rollout-superseded':
    'A newer release was deployed while this one was being verified: its own verification has the verdict.',
  'rolled-back': 'The release failed, and the newest one that had succeeded was put back and works.',
  'rollback-failed':
    'The release failed, and putting the one before it back failed too: the message says in what state things are.',
};
