import type { ErrorEntry } from '@slipway/core';

export type BuildErrorCode =
  | 'build-context-missing'
  | 'dockerfile-missing'
  | 'build-path-outside'
  | 'build-secret-missing'
  | 'build-secret-unreadable'
  | 'builder-missing'
  | 'builder-unusable'
  | 'builder-lacks'
  | 'build-failed'
  | 'base-image-foreign'
  | 'build-without-digest'
  | 'secret-in-image'
  | 'secret-in-export'
  | 'export-leads-out';

/** What each code means for a user, and what to do about it. */
export const buildErrors: Readonly<Record<BuildErrorCode, ErrorEntry>> = {
  'build-context-missing': {
    symptom: 'services',
    example: '',
    cause: 'The folder that build.context of a service names does not exist.',
    remedy: 'Create it, or correct slipway.yaml.',
  },
  'dockerfile-missing': {
    symptom: 'services',
    example: '',
    cause: 'A service that is to be built has no Dockerfile.',
    remedy: 'Add one to its context, name it with build.dockerfile, or set image for a ready-made one.',
  },
  'build-path-outside': {
    symptom: 'services',
    example: '',
    cause: 'A build context or Dockerfile is a link that leads out of the workspace.',
    remedy: 'Only files of the checkout are sent to a builder.',
  },
  'build-secret-missing': {
    symptom: 'build-secret',
    example: '',
    cause: 'A service wants a build secret that the step was not given.',
    remedy: 'Add a line id=value or id=@file to build-secrets.',
  },
  'build-secret-unreadable': {
    symptom: 'build-secret',
    example: '',
    cause: 'The file that a line id=@file of build-secrets names cannot be read.',
    remedy: 'Correct the path.',
  },
  'builder-missing': {
    symptom: 'builder',
    example: '',
    cause: 'There is no builder on this machine.',
    remedy: 'Install docker with buildx, buildah, or buildctl and set BUILDKIT_HOST.',
  },
  'builder-unusable': {
    symptom: 'builder',
    example: '',
    cause: 'The builder does not answer or cannot push.',
    remedy: 'The message says which, and what to set up.',
  },
  'builder-lacks': {
    symptom: 'builder',
    example: '',
    cause: 'The builder cannot do what the inputs or slipway.yaml ask for.',
    remedy: 'Choose another builder, or do without; the message says what.',
  },
  'build-failed': {
    symptom: 'image-build',
    example: '',
    cause: 'The Dockerfile of a service does not build.',
    remedy: 'The last lines of its log say why.',
  },
  'base-image-foreign': {
    symptom: 'image-build',
    example: '',
    cause:
      'An image that is built for one platform starts from an image for another one, which builders only warn of.',
    remedy: 'Take a base image for that platform.',
  },
  'build-without-digest': {
    symptom: 'image-build',
    example: '',
    cause: 'The builder did not say what it pushed.',
    remedy: 'It is too old; use BuildKit 0.11 or later.',
  },
  'secret-in-image': {
    symptom: 'build-secret',
    example: '',
    cause: 'A build secret was found in the image that was built with it.',
    remedy: 'Replace the secret, and let the Dockerfile read it without writing it anywhere.',
  },
  'secret-in-export': {
    symptom: 'build-secret',
    example: '',
    cause: 'A build secret was found among the files that a build exported.',
    remedy: 'Replace the secret if they were uploaded, and let the Dockerfile not write it there.',
  },
  'export-leads-out': {
    symptom: 'build-secret',
    example: '',
    cause:
      'A build exported a link that leads out of the folder of its files, and whoever uploads them would follow it.',
    remedy: 'Export the file itself.',
  },
};
