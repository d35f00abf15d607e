export type PolicyErrorCode = 'unknown-pack' | 'unknown-kubernetes-version';

/** For docs/errors.md: when each happens and what to do. */
export const policyErrors: Record<PolicyErrorCode, string> = {
  'unknown-pack':
    'A pack of policies is named that Slipway does not have: use one of the names that the message lists.',
  'unknown-kubernetes-version':
    'What is given as a version of Kubernetes is none: write kubernetes-version, or the formation’s kubernetes, as `1.34`. A version that there are no schemas of is checked by the nearest, with a warning.',
};
