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
export const buildErrors: Record<BuildErrorCode, string> = {
  'build-context-missing':
    'The folder that build.context of a service names does not exist: create it, or correct slipway.yaml.',
  'dockerfile-missing':
    'A service that is to be built has no Dockerfile: add one to its context, name it with build.dockerfile, or set image for a ready-made one.',
  'build-path-outside':
    'A build context or Dockerfile is a link that leads out of the workspace: only files of the checkout are sent to a builder.',
  'build-secret-missing':
    'A service wants a build secret that the step was not given: add a line id=value or id=@file to build-secrets.',
  'build-secret-unreadable':
    'The file that a line id=@file of build-secrets names cannot be read: correct the path.',
  'builder-missing':
    'There is no builder on this machine: install docker with buildx, buildah, or buildctl and set BUILDKIT_HOST.',
  'builder-unusable':
    'The builder does not answer or cannot push: the message says which, and what to set up.',
  'builder-lacks':
    'The builder cannot do what the inputs or slipway.yaml ask for: choose another builder, or do without; the message says what.',
  'build-failed': 'The Dockerfile of a service does not build: the last lines of its log say why.',
  'base-image-foreign':
    'An image that is built for one platform starts from an image for another one, which builders only warn of: take a base image for that platform.',
  'build-without-digest':
    'The builder did not say what it pushed: it is too old; use BuildKit 0.11 or later.',
  'secret-in-image':
    'A build secret was found in the image that was built with it: replace the secret, and let the Dockerfile read it without writing it anywhere.',
  'secret-in-export':
    'A build secret was found among the files that a build exported: replace the secret if they were uploaded, and let the Dockerfile not write it there.',
  'export-leads-out':
    'A build exported a link that leads out of the folder of its files, and whoever uploads them would follow it: export the file itself.',
};
