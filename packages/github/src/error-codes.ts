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

export const githubErrors: Readonly<Record<GithubErrorCode, string>> = {
  'input-missing':
    'An input that the action cannot do without is missing or empty: add it to the step under `with:`.',
  'input-invalid': 'An input has a value that the action cannot use: the message says what is expected.',
  'command-not-found':
    'A program that the action runs is not on the PATH of the runner: install it in an earlier step.',
  cancelled: 'The run was cancelled while the action worked: run it again when it should go on.',
  'event-unreadable': "The file with the event's payload cannot be read: run the action from a workflow.",
  'id-token-unavailable':
    'The job gets no identity token from GitHub: add `id-token: write` to its `permissions:`. Pull requests from forks never get one.',
  'github-forbidden':
    'The token may not do what was asked of GitHub: give the job the permission that the README of the action names.',
  'github-not-found':
    'GitHub does not have what was asked for, or does not show it to this token: check that it exists and that the token may see it.',
  'github-rate-limited':
    "GitHub answers no more of the token's requests for now: run it again later, or give a token of its own.",
  'github-unavailable':
    'GitHub does not answer, or not as it should: run it again, and look at https://www.githubstatus.com.',
  unexpected:
    'Something failed that no message was written for, which is a defect of Slipway: report it with the debug log.',
};
