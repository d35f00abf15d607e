export type VerifyErrorCode =
  | 'place-unknown'
  | 'nothing-to-verify'
  | 'rollout-failed'
  | 'rollout-timed-out'
  | 'rollout-superseded'
  | 'rolled-back'
  | 'rollback-failed';

export const verifyErrors: Readonly<Record<VerifyErrorCode, string>> = {
  'place-unknown':
    'It is not clear which application, formation, destination or namespace is meant: give the input that the message names.',
  'nothing-to-verify': 'The manifests or the selector match nothing: check the path or the labels.',
  'rollout-failed':
    'An object of the release failed for a reason that does not pass by itself: the message names it and what to do.',
  'rollout-timed-out': 'The release made no progress for `timeout`: the message names what it waits for.',
  'rollout-superseded':
    'A newer release was deployed while this one was being verified: its own verification has the verdict.',
  'rolled-back': 'The release failed, and the newest one that had succeeded was put back and works.',
  'rollback-failed':
    'The release failed, and putting the one before it back failed too: the message says in what state things are.',
};
