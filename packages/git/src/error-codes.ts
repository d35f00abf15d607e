export type GitErrorCode = 'commit-unreadable' | 'commit-file-outside' | 'commit-file-too-large';

export const gitErrors: Readonly<Record<GitErrorCode, string>> = {
  'commit-unreadable':
    'A commit, or a part of it, cannot be read from this checkout: check out with `fetch-depth: 0`, let checkout keep its credentials, or give a `token` that may read the contents.',
  'commit-file-outside':
    'A symbolic link in a commit leads out of the repository or in a circle: put the file itself into the repository.',
  'commit-file-too-large': 'A file of a commit is larger than anybody reviews: split it.',
};
