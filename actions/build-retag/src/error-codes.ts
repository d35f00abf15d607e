import type { ErrorEntry } from '@slipway/core';

export type BuildRetagErrorCode =
  | 'application-missing'
  | 'application-ambiguous'
  | 'service-unknown'
  | 'services-incomplete'
  | 'platform-missing'
  | 'promotion-unknown'
  | 'promotion-not-passed'
  | 'promotion-disagrees';

/** What each code means for a user, and what to do about it. */
export const buildRetagErrors: Readonly<Record<BuildRetagErrorCode, ErrorEntry>> = {
  'application-missing': {
    symptom: 'services',
    example: '',
    cause: 'The file that the input application names is not in the workspace.',
    remedy: 'Check out the repository first, or correct the path.',
  },
  'application-ambiguous': {
    symptom: 'services',
    example: '',
    cause: 'slipway.yaml has one key twice in a map, of which only one would count.',
    remedy: 'Remove one.',
  },
  'service-unknown': {
    symptom: 'services',
    example: '',
    cause: 'The input services names a service that slipway.yaml does not have.',
    remedy: 'Correct the name.',
  },
  'services-incomplete': {
    symptom: 'services',
    example: '',
    cause: 'Only some services are to be built, and the images of the others are not known.',
    remedy: 'Name a formation or a deployment tag in rest-from, or build all.',
  },
  'platform-missing': {
    symptom: 'image-build',
    example: '',
    cause: 'An image is not for all platforms that the input platforms names.',
    remedy: 'Nodes of the others could not run it; correct the input, or take a base image that is for them.',
  },
  'promotion-unknown': {
    symptom: 'promotion',
    example: '',
    cause:
      'What promote or rest-from names is neither a formation of this repository nor a deployment tag of its registry.',
    remedy: 'Correct the input.',
  },
  'promotion-not-passed': {
    symptom: 'promotion',
    example: '',
    cause: 'What is to be promoted never succeeded where it had to.',
    remedy: 'Deploy and verify it there first, or name a deployment tag that did.',
  },
  'promotion-disagrees': {
    symptom: 'promotion',
    example: '',
    cause: 'The destinations of the formation to promote from last succeeded with different snapshots.',
    remedy: 'Release one of them at all, or name a deployment tag.',
  },
};
