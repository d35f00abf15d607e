import type { ErrorEntry } from '@slipway/core';

export type PolicyCheckErrorCode = 'check-failed';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const policyCheckErrors: Readonly<Record<PolicyCheckErrorCode, ErrorEntry>> = {
  'check-failed': {
    symptom: 'check',
    example: 'the policy check failed for production/eu (2 errors, 1 warning)',
    cause: 'The check found errors, or warnings where `fail-on: warning` is set.',
    remedy:
      'Fix what the annotations and the summary show. The [rule pages](rules/README.md) explain each rule; report.json has every finding.',
  },
};
