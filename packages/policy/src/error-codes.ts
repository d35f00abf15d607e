import type { ErrorEntry } from '@slipway/core';

export type PolicyErrorCode = 'unknown-pack' | 'unknown-kubernetes-version';

/** For docs/errors.md: when each happens and what to do. */
export const policyErrors: Readonly<Record<PolicyErrorCode, ErrorEntry>> = {
  'unknown-pack': {
    symptom: 'check',
    example: 'there is no pack "workload"',
    cause:
      'The input `packs`, or `policies.packs` of a formation, names a pack of policies that Slipway does not have.',
    remedy: 'Use one of the names in the message. [The rules](rules/README.md) lists what each pack checks.',
  },
  'unknown-kubernetes-version': {
    symptom: 'check',
    example: '"latest" is not a version of Kubernetes',
    cause:
      'The version that `spec.kubernetes` of the formation names, or that the cluster reports, is not one of Kubernetes. For the input `kubernetes-version` the code is `input-invalid`.',
    remedy:
      'Write it as `1.34`. A version without schemas of its own is checked against the nearest one, with a warning.',
  },
};
