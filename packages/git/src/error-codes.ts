import type { ErrorEntry } from '@slipway/core';

export type GitErrorCode =
  | 'commit-unreadable'
  | 'commit-file-outside'
  | 'commit-file-too-large'
  | 'commit-file-in-lfs';

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
  'commit-file-in-lfs': {
    symptom: 'commit',
    example:
      '"charts/web/values.yaml" is in Git LFS, so that the commit has a pointer to it and not its content',
    cause:
      'A file is read from a commit, as for a promotion or a comparison with the base, and Git LFS keeps the content of that file elsewhere.',
    remedy: 'Take the file out of LFS (`git lfs untrack`), and commit it itself.',
  },
};
