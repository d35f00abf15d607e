export type PolicyCheckErrorCode = 'check-failed';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const policyCheckErrors: Record<PolicyCheckErrorCode, string> = {
  'check-failed':
    'The check found errors, or warnings where `fail-on` says so. Mend what the annotations and the summary show; report.json has all of it.',
};
