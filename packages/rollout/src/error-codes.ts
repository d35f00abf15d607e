import type { ErrorEntry } from '@slipway/core';

export type RolloutErrorCode =
  | 'annotation-invalid'
  | 'status-rule-invalid'
  | 'check-invalid'
  | 'check-forbidden';

export const rolloutErrors: Readonly<Record<RolloutErrorCode, ErrorEntry>> = {
  'annotation-invalid': {
    symptom: 'checks',
    example: '',
    cause: 'An annotation of an object that says how long to wait for it is no duration.',
    remedy: 'Write one such as "30s", "10m" or "1h30m".',
  },
  'status-rule-invalid': {
    symptom: 'checks',
    example: '',
    cause:
      'A rule that says when objects of a kind are ready is no expression in CEL, or is for a kind that needs none.',
    remedy: 'Correct it where the message points.',
  },
  'check-invalid': {
    symptom: 'checks',
    example: '',
    cause: 'A check names what the release does not have, or lacks an input.',
    remedy: 'Correct the check or give the input that the message names.',
  },
  'check-forbidden': {
    symptom: 'checks',
    example: '',
    cause: 'The credentials may not do what a check needs.',
    remedy: 'Add the rule that the message shows to the Role.',
  },
};
