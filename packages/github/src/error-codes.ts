import type { ErrorEntry } from '@slipway/core';

export type GithubErrorCode =
  | 'input-missing'
  | 'input-invalid'
  | 'command-not-found'
  | 'cancelled'
  | 'event-unreadable'
  | 'github-forbidden'
  | 'github-not-found'
  | 'github-rate-limited'
  | 'github-unavailable'
  | 'id-token-unavailable'
  | 'unexpected';

export const githubErrors: Readonly<Record<GithubErrorCode, ErrorEntry>> = {
  'input-missing': {
    symptom: 'input',
    example: '',
    cause: 'An input that the action cannot do without is missing or empty.',
    remedy: 'Add it to the step under `with:`.',
  },
  'input-invalid': {
    symptom: 'input',
    example: '',
    cause: 'An input has a value that the action cannot use.',
    remedy: 'The message says what is expected.',
  },
  'command-not-found': {
    symptom: 'runner',
    example: '',
    cause: 'A program that the action runs is not on the PATH of the runner.',
    remedy: 'Install it in an earlier step.',
  },
  cancelled: {
    symptom: 'runner',
    example: '',
    cause: 'The run was cancelled while the action worked.',
    remedy: 'Run it again when it should go on.',
  },
  'event-unreadable': {
    symptom: 'runner',
    example: '',
    cause: "The file with the event's payload cannot be read.",
    remedy: 'Run the action from a workflow.',
  },
  'id-token-unavailable': {
    symptom: 'runner',
    example: '',
    cause: 'The job gets no identity token from GitHub.',
    remedy: 'Add `id-token: write` to its `permissions:`. Pull requests from forks never get one.',
  },
  'github-forbidden': {
    symptom: 'github',
    example: '',
    cause: 'The token may not do what was asked of GitHub.',
    remedy: 'Give the job the permission that the README of the action names.',
  },
  'github-not-found': {
    symptom: 'github',
    example: '',
    cause: 'GitHub does not have what was asked for, or does not show it to this token.',
    remedy: 'Check that it exists and that the token may see it.',
  },
  'github-rate-limited': {
    symptom: 'github',
    example: '',
    cause: "GitHub answers no more of the token's requests for now.",
    remedy: 'Run it again later, or give a token of its own.',
  },
  'github-unavailable': {
    symptom: 'github',
    example: '',
    cause: 'GitHub does not answer, or not as it should.',
    remedy: 'Run it again, and look at https://www.githubstatus.com.',
  },
  unexpected: {
    symptom: 'runner',
    example: '',
    cause: 'Something failed that no message was written for, which is a defect of Slipway.',
    remedy: 'Report it with the debug log.',
  },
};
