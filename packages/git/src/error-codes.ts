import type { ErrorEntry } from '@slipway/core';

export type GitErrorCode = 'commit-unreadable' | 'commit-file-outside' | 'commit-file-too-large';

export const gitErrors: Readonly<Record<GitErrorCode, ErrorEntry>> = {
  'commit-unreadable': {
    symptom: 'commit',
    example: 'the commit a1b2c3d cannot be read from this checkout',
    cause:
      'A commit, or a file of it, is not in this checkout and cannot be fetched. actions/checkout fetches one commit by default.',
    remedy:
      'Check out with `fetch-depth: 0`, let actions/checkout keep its credentials (`persist-credentials`), or give a `token` with `contents: read`.',
  },
  'commit-file-outside': {
    symptom: 'commit',
    example: '"policies/shared.yaml" leads out of the repository or in a circle',
    cause: 'A symbolic link in a commit leads out of the repository, or to itself.',
    remedy: 'Put the file itself into the repository.',
  },
  'commit-file-too-large': {
    symptom: 'commit',
    example: '"values.yaml" is larger than 10 MiB',
    cause: 'A file of a commit is larger than Slipway reads.',
    remedy: 'Split the file.',
  },
};
