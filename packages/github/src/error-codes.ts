export type GithubErrorCode =
  | 'input-missing'
  | 'input-invalid'
  | 'command-not-found'
  | 'cancelled'
  | 'event-unreadable'
  | 'unexpected';

export const githubErrors: Readonly<Record<GithubErrorCode, string>> = {
  'input-missing':
    'An input that the action cannot do without is missing or empty: add it to the step under `with:`.',
  'input-invalid': 'An input has a value that the action cannot use: the message says what is expected.',
  'command-not-found':
    'A program that the action runs is not on the PATH of the runner: install it in an earlier step.',
  cancelled: 'The run was cancelled while the action worked: run it again when it should go on.',
  'event-unreadable': "The file with the event's payload cannot be read: run the action from a workflow.",
  unexpected:
    'Something failed that no message was written for, which is a defect of Slipway: report it with the debug log.',
};
