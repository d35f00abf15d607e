import type { ErrorEntry } from '@slipway/core';

export type DeployErrorCode = 'sign-off-missing' | 'status-unknown' | 'issue-forbidden';

export const deployErrors: Readonly<Record<DeployErrorCode, ErrorEntry>> = {
  'sign-off-missing': {
    symptom: 'tree',
    example: 'ports: a new port is opened',
    cause: 'A policy asks for a sign-off of this change, and no one entitled has approved it.',
    remedy:
      'One of the people in the message approves the pull request. [Sign-off](sign-off.md) describes how.',
  },
  'status-unknown': {
    symptom: 'destination',
    example: '1 of 2 destinations could not be seen as a whole: production/eu',
    cause:
      '`mode: status` could not find out something about a destination: its cluster does not answer, or the credentials may not read it. What is not known is not taken for fine, so the step fails after it has shown everything else.',
    remedy:
      'The summary says for each destination what is not known, and why. [Status](status.md) has the rights that it needs.',
  },
  'issue-forbidden': {
    symptom: 'github',
    example: 'the issue about shop could not be written, because the token lacks "issues: write"',
    cause: '`issue` asks for an issue, and the token may not write one, so that no one would be told.',
    remedy: 'Give the job the permission `issues: write`.',
  },
};
