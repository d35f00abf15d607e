import type { ErrorEntry } from '@slipway/core';

export type CheckErrorCode =
  | 'application-removed'
  | 'base-broken'
  | 'base-unreadable'
  | 'formation-unknown'
  | 'nothing-to-check'
  | 'spawn-unmerged'
  | 'spawn-moved';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const checkErrors: Readonly<Record<CheckErrorCode, ErrorEntry>> = {
  'application-removed': {
    symptom: 'base',
    example:
      '"slipway.yaml" is in the base commit but not in this checkout, and manifests that were rendered from it are to be checked',
    cause:
      'The pull request removes slipway.yaml, but manifests rendered from it are still to be checked, and they would escape the rules of the application.',
    remedy: 'Keep the file, or stop rendering it.',
  },
  'base-broken': {
    symptom: 'base',
    example:
      'the base commit a1b2c3d4e5f6, whose rules apply, cannot be read: the formation "base", which this one extends, does not exist',
    cause: 'On a pull request the rules of the base commit apply, and its files have errors of their own.',
    remedy: 'Fix them on the base branch first.',
  },
  'base-unreadable': {
    symptom: 'base',
    example: 'the commit "a1b2c3d4e5f6", whose rules apply, is not in this checkout and cannot be fetched',
    cause:
      'On a pull request the rules of the base commit apply, and that commit can neither be found in the checkout nor be fetched.',
    remedy:
      'Let actions/checkout keep its credentials, use `fetch-depth: 0`, or give `token` with `contents: read`.',
  },
  'formation-unknown': {
    symptom: 'check',
    example: 'the rendered tree was made from formation "canary", which application "shop" does not have',
    cause: 'The rendered tree belongs to a formation that the application has no file for.',
    remedy: 'Name the right `application`, or render again.',
  },
  'nothing-to-check': {
    symptom: 'check',
    example: 'the rendered tree does not contain any of the requested formations and destinations',
    cause: 'The inputs `formation` and `destination` leave nothing of the rendered tree.',
    remedy: 'Name a formation and destination that were rendered, or leave the inputs out.',
  },
  'spawn-unmerged': {
    symptom: 'base',
    example:
      'the formation "preview" has no spawn block in the base commit a1b2c3d4e5f6, which says what is spawned',
    cause:
      'On a pull request the `spawn` block of the base commit applies, as its rules do, and there is none yet.',
    remedy: 'Merge the block first; the pull requests after it have instances.',
  },
  'spawn-moved': {
    symptom: 'base',
    example:
      '"destinations" of the formation "preview" is not as in the base commit a1b2c3d4e5f6, which says where instances are and what keeps them apart',
    cause:
      'The pull request changes `destinations`, `name-prefix` or `labels` of a spawned formation, or of one that it extends. Its instance could then be where no one counts room for it, or get the traffic of another one.',
    remedy: 'Merge that change by itself. The pull requests after it have instances by it.',
  },
};
