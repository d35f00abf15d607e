import type { ErrorEntry } from '@slipway/core';

export type PolicyCheckErrorCode = 'check-failed';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const policyCheckErrors: Readonly<Record<PolicyCheckErrorCode, ErrorEntry>> = {
  'check-failed': {
    symptom: 'check',
    example: '',
    cause: 'The check found errors, or warnings where `fail-on` says so.',
    remedy: 'Mend what the annotations and the summary show; report.json has all of it.',
  },
};
