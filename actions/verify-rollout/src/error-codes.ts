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
  | 'rollback-failed';

export const verifyErrors: Readonly<Record<VerifyErrorCode, ErrorEntry>> = {
  'place-unknown': {
    symptom: 'verified',
    example: '',
    cause: 'It is not clear which application, formation, destination or namespace is meant.',
    remedy: 'Give the input that the message names.',
  },
  'nothing-to-verify': {
    symptom: 'verified',
    example: '',
    cause: 'The manifests or the selector match nothing.',
    remedy: 'Check the path or the labels.',
  },
  'input-file-missing': {
    symptom: 'verified',
    example: '',
    cause: 'The file that the input `checks` or `status-rules` names is not there.',
    remedy: 'Check the path, or write the YAML itself.',
  },
  'helm-release-missing': {
    symptom: 'helm-release',
    example: '',
    cause: 'Helm has no release of that name in the namespace.',
    remedy: 'Check `helm-release` and `namespace` with `helm list`.',
  },
  'helm-release-broken': {
    symptom: 'helm-release',
    example: '',
    cause: "Helm's own record of the release cannot be read.",
    remedy: 'See `helm status`, and install or upgrade it again.',
  },
  'helm-release-pending': {
    symptom: 'helm-release',
    example: '',
    cause: 'Helm has not ended its work on the release.',
    remedy: 'Wait for it, or end it with `helm rollback`.',
  },
  'rollout-failed': {
    symptom: 'outcome',
    example: '',
    cause: 'An object of the release failed for a reason that does not pass by itself.',
    remedy: 'The message names it and what to do.',
  },
  'rollout-timed-out': {
    symptom: 'outcome',
    example: '',
    cause: 'The release made no progress for `timeout`.',
    remedy: 'The message names what it waits for.',
  },
  'rollout-superseded': {
    symptom: 'outcome',
    example: '',
    cause: 'A newer release was deployed while this one was being verified.',
    remedy: 'Its own verification has the verdict.',
  },
  'rolled-back': {
    symptom: 'outcome',
    example: '',
    cause: 'The release failed, and the newest one that had succeeded was put back and works.',
    remedy: 'The message says which.',
  },
  'rollback-failed': {
    symptom: 'outcome',
    example: '',
    cause: 'The release failed, and putting the one before it back failed too.',
    remedy: 'The message says in what state things are.',
  },
};
