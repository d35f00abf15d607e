import type { ErrorEntry } from '@slipway/core';

export type GitErrorCode = 'commit-unreadable' | 'commit-file-outside' | 'commit-file-too-large';

export const gitErrors: Readonly<Record<GitErrorCode, ErrorEntry>> = {
  'commit-unreadable': {
    symptom: 'commit',
    example: '',
    cause: 'A commit, or a part of it, cannot be read from this checkout.',
    remedy:
      'Check out with `fetch-depth: 0`, let checkout keep its credentials, or give a `token` that may read the contents.',
  },
  'commit-file-outside': {
    symptom: 'commit',
    example: '',
    cause: 'A symbolic link in a commit leads out of the repository or in a circle.',
    remedy: 'Put the file itself into the repository.',
  },
  'commit-file-too-large': {
    symptom: 'commit',
    example: '',
    cause: 'A file of a commit is larger than anybody reviews.',
    remedy: 'Split it.',
  },
};
