import type { ErrorEntry } from '@slipway/core';

export type DeployErrorCode = 'sign-off-missing';

export const deployErrors: Readonly<Record<DeployErrorCode, ErrorEntry>> = {
  'sign-off-missing': {
    symptom: 'tree',
    example: 'ports: a new port is opened',
    cause: 'A policy asks for a sign-off of this change, and no one entitled has approved it.',
    remedy:
      'One of the people in the message approves the pull request. [Sign-off](sign-off.md) describes how.',
  },
};
