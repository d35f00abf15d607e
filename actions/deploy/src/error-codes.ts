import type { ErrorEntry } from '@slipway/core';

export type DeployErrorCode =
  | 'sign-off-missing'
  | 'status-unknown'
  | 'issue-forbidden'
  | 'strategy-missing'
  | 'spawn-no-room';

export const deployErrors: Readonly<Record<DeployErrorCode, ErrorEntry>> = {
  'sign-off-missing': {
    symptom: 'tree',
    example: 'ports: a new port is opened',
    cause: 'A policy asks for a sign-off of this change, and no one entitled has approved it.',
    remedy:
      'One of the people in the message approves the pull request. [Sign-off](sign-off.md) describes how.',
  },
  'strategy-missing': {
    symptom: 'steps',
    example: 'the file "strategy.yaml" of input "strategy" cannot be read',
    cause: 'The input is the path of a file that the workspace does not have.',
    remedy: 'Correct the path, relative to the workspace, or write the YAML itself into the input.',
  },
  'spawn-no-room': {
    symptom: 'lock',
    example: '"shop/preview-7" has no room: 8 instances of at most 8',
    cause: '`on-full: fail` makes a step fail that finds as many instances as `at-most` allows.',
    remedy: 'Close a pull request that needs none any more, or raise `at-most` in the `spawn` block.',
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
