import type { ErrorEntry } from '@slipway/core';

export type CheckErrorCode =
  | 'application-removed'
  | 'base-broken'
  | 'base-unreadable'
  | 'formation-unknown'
  | 'nothing-to-check';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const checkErrors: Readonly<Record<CheckErrorCode, ErrorEntry>> = {
  'application-removed': {
    symptom: 'base',
    example: '',
    cause:
      'slipway.yaml is in the base commit and not in the checkout, though what was rendered from it is to be checked.',
    remedy: 'Leave the file where it is, or stop rendering it.',
  },
  'base-broken': {
    symptom: 'base',
    example: '',
    cause: 'The files of the base commit, whose rules hold on a pull request, have errors of their own.',
    remedy: 'Mend them on the base branch first.',
  },
  'base-unreadable': {
    symptom: 'base',
    example: '',
    cause:
      'The base commit, whose rules hold on a pull request, can neither be found in the checkout nor be fetched.',
    remedy:
      'Let actions/checkout persist its credentials, use `fetch-depth: 0`, or give `token` with `contents: read`.',
  },
  'formation-unknown': {
    symptom: 'check',
    example: '',
    cause: 'The rendered tree is of a formation that the application has no file for.',
    remedy: 'Render again, or name the right `application`.',
  },
  'nothing-to-check': {
    symptom: 'check',
    example: '',
    cause: 'The inputs `formation` and `destination` leave nothing of the rendered tree.',
    remedy: 'Name a formation and destination that were rendered.',
  },
};
