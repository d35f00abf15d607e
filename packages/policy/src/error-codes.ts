import type { ErrorEntry } from '@slipway/core';

export type PolicyErrorCode = 'unknown-pack' | 'unknown-kubernetes-version';

/** For docs/errors.md: when each happens and what to do. */
export const policyErrors: Readonly<Record<PolicyErrorCode, ErrorEntry>> = {
  'unknown-pack': {
    symptom: 'check',
    example: '',
    cause: 'A pack of policies is named that Slipway does not have.',
    remedy: 'Use one of the names that the message lists.',
  },
  'unknown-kubernetes-version': {
    symptom: 'check',
    example: '',
    cause: 'What is given as a version of Kubernetes is none.',
    remedy:
      'Write kubernetes-version, or the formation’s kubernetes, as `1.34`. A version that there are no schemas of is checked by the nearest, with a warning.',
  },
};
