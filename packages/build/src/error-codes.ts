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
    example: 'the service "api" has no folder "services/api"',
    cause: 'The folder in `build.context` or `build.contexts` of a service does not exist.',
    remedy: 'Create it, or correct slipway.yaml.',
  },
  'dockerfile-missing': {
    symptom: 'services',
    example: 'the service "api" has no Dockerfile at "services/api/Dockerfile"',
    cause: 'A service that is to be built has no Dockerfile.',
    remedy: 'Add one, name it with `build.dockerfile`, or use `image:` for a ready-made image.',
  },
  'build-path-outside': {
    symptom: 'services',
    example: 'the build of "api" leads out of the workspace, by .. or by a link',
    cause:
      'A build context or Dockerfile is outside of the workspace, by `..` in its path or by a link. Only files of the checkout are sent to a builder.',
    remedy: 'Put the files into the repository.',
  },
  'build-secret-missing': {
    symptom: 'build-secret',
    example: 'the service "api" needs the build secret "npm-token", which the step does not have',
    cause:
      'A service needs a build secret that the step was not given. On a pull request from a fork, build secrets are withheld.',
    remedy: 'Add a line `id=value` or `id=@file` to `build-secrets`.',
  },
  'build-secret-unreadable': {
    symptom: 'build-secret',
    example: 'the file of the build secret "npm-token" cannot be read',
    cause: 'The file in a line `id=@file` of `build-secrets` cannot be read.',
    remedy: 'Correct the path after the `@`; it is relative to the workspace.',
  },
  'builder-missing': {
    symptom: 'builder',
    example: 'there is no "buildah" on this machine',
    cause: 'The runner has no program that builds images.',
    remedy: 'Install docker with buildx, or buildah, or buildctl with BUILDKIT_HOST.',
  },
  'builder-unusable': {
    symptom: 'builder',
    example: 'BuildKit at "tcp://buildkit:1234" does not answer',
    cause: 'The builder does not answer, or it cannot push images by digest.',
    remedy: 'Start it, or set up another one, for example with docker/setup-buildx-action.',
  },
  'builder-lacks': {
    symptom: 'builder',
    example: 'buildah cannot build "api" with the cache "gha"',
    cause: 'The builder does not support something that the inputs or slipway.yaml ask for.',
    remedy: 'Use the builder that the message names, or do without.',
  },
  'build-failed': {
    symptom: 'image-build',
    example:
      'the image of "api" does not build: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    cause: 'A step of the Dockerfile failed. No tag was written.',
    remedy: 'Look at the last lines of its log.',
  },
  'base-image-foreign': {
    symptom: 'image-build',
    example: 'the image of "api" for "linux/arm64" starts from a base image for "linux/amd64"',
    cause:
      'An image for one platform would start from a base image for another one. Builders only warn about this, and the container would not start.',
    remedy: 'Use a base image that exists for this platform, or remove the platform from `platforms`.',
  },
  'build-without-digest': {
    symptom: 'image-build',
    example: 'the builder did not report the digest of the image that it pushed for "api"',
    cause: 'The builder is too old to report the digest of the image.',
    remedy: 'Use BuildKit 0.11 or newer, or buildah 1.28 or newer.',
  },
  'secret-in-image': {
    symptom: 'build-secret',
    example: 'the image of "api" contains the build secret "npm-token" in "app/.npmrc" of sha256:…',
    cause:
      'A build secret was found in the image that was built with it. Everyone who can pull the image can read it. No tag was written.',
    remedy: 'Replace the secret, and let the Dockerfile read it from its mount without writing it anywhere.',
  },
  'secret-in-export': {
    symptom: 'build-secret',
    example: 'the file "report/env.txt" that "api" exports contains the build secret "npm-token"',
    cause: 'A build secret was found in a file that the build exports.',
    remedy: 'Let the Dockerfile not write it there, and replace the secret if the files were uploaded.',
  },
  'export-leads-out': {
    symptom: 'build-secret',
    example: 'the link "report/latest" that "api" exports leads out of its folder',
    cause:
      'An exported link leads out of its folder, and an upload would follow it to other files of the runner.',
    remedy: 'Export the file itself.',
  },
};
