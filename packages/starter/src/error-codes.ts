import type { ErrorEntry } from '@slipway/core';

export type StarterErrorCode = 'look-failed';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const starterErrors: Readonly<Record<StarterErrorCode, ErrorEntry>> = {
  'look-failed': {
    symptom: 'program',
    example: '"config/Dockerfile" cannot be read',
    cause:
      'A file that the proposal depends on, or a folder of the repository, cannot be read, or is larger than such files are.',
    remedy: 'Check its permissions, or call `slipway init` in a folder that does not have it.',
  },
};
