export type RolloutErrorCode =
  | 'annotation-invalid'
  | 'status-rule-invalid'
  | 'check-invalid'
  | 'check-forbidden';

export const rolloutErrors: Readonly<Record<RolloutErrorCode, string>> = {
  'annotation-invalid':
    'An annotation of an object that says how long to wait for it is no duration: write one such as "30s", "10m" or "1h30m".',
  'status-rule-invalid':
    'A rule that says when objects of a kind are ready is no expression in CEL, or is for a kind that needs none: correct it where the message points.',
  'check-invalid':
    'A check names what the release does not have, or lacks an input: correct the check or give the input that the message names.',
  'check-forbidden':
    'The credentials may not do what a check needs: add the rule that the message shows to the Role.',
};
