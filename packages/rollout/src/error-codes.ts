import type { ErrorEntry } from '@slipway/core';

export type RolloutErrorCode =
  | 'annotation-invalid'
  | 'status-rule-invalid'
  | 'check-invalid'
  | 'check-forbidden';

export const rolloutErrors: Readonly<Record<RolloutErrorCode, ErrorEntry>> = {
  'annotation-invalid': {
    symptom: 'checks',
    example: 'Deployment api has slipway.dev/timeout "soon", which is not a duration',
    cause: 'An annotation that says how long to wait for an object is not a duration.',
    remedy: 'Write a duration in quotes, such as `"30s"`, `"10m"` or `"1h30m"`.',
  },
  'status-rule-invalid': {
    symptom: 'checks',
    example: 'the status rule of "acme.io/Widget" is for a kind of Kubernetes itself',
    cause: 'A status rule is not a valid CEL expression, or it is for a kind that Slipway judges itself.',
    remedy: 'Correct the expression, or remove the rule.',
  },
  'check-invalid': {
    symptom: 'checks',
    example: 'two checks have the name "smoke"',
    cause:
      'A check refers to something that the release does not have, has no address or input that it needs, or has the name of another check.',
    remedy:
      'Correct the check, or set the input that the message names. [Verifying](verifying.md) describes all fields.',
  },
  'check-forbidden': {
    symptom: 'checks',
    example: 'the credentials lack the right to create jobs in namespace "shop", which the checks need',
    cause: 'The credentials lack a right that a check needs, such as creating a Job.',
    remedy: 'Add the rule in the message to the Role of these credentials.',
  },
};
