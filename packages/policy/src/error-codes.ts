export type PolicyErrorCode = 'unknown-pack' | 'unknown-kubernetes-version';

/** For docs/errors.md: when each happens and what to do. */
export const policyErrors: Record<PolicyErrorCode, string> = {
  'unknown-pack':
    'A pack of policies is named that Slipway does not have: use one of the names that the message lists.',
  'unknown-kubernetes-version':
    'Slipway has no schemas for that version of Kubernetes: set kubernetes-version, or the formation’s kubernetes, to one that the message lists.',
};
