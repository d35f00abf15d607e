import type { ErrorEntry } from '@slipway/core';

export type BuildRetagErrorCode =
  | 'file-missing'
  | 'service-unknown'
  | 'services-incomplete'
  | 'platform-missing'
  | 'fork-without-secrets'
  | 'promotion-unknown'
  | 'promotion-not-passed'
  | 'promotion-disagrees'
  | 'spawn-registry';

/** What each code means for a user, and what to do about it. */
export const buildRetagErrors: Readonly<Record<BuildRetagErrorCode, ErrorEntry>> = {
  'file-missing': {
    symptom: 'file',
    example: 'there is no file "slipway.yaml" in the workspace',
    cause: 'The file in the input `application` is not in the workspace.',
    remedy: 'Check out the repository before this step, or correct the path.',
  },
  'service-unknown': {
    symptom: 'services',
    example: 'slipway.yaml has no service "wbe"',
    cause: 'The input `services` names a service that slipway.yaml does not have.',
    remedy: 'Correct the name.',
  },
  'services-incomplete': {
    symptom: 'services',
    example: 'nothing says where the images of "web" come from',
    cause:
      'Only some services are to be built, and the images of the others are not known. A snapshot is always complete.',
    remedy: 'Name a formation or a deployment tag in `rest-from`, or build all services.',
  },
  'platform-missing': {
    symptom: 'image-build',
    example: 'the image of "api" is not for "linux/arm64"',
    cause:
      'An image does not exist for all platforms in the input `platforms`, and nodes of the others could not run it.',
    remedy: 'Correct the input, or use a base image that exists for them.',
  },
  'fork-without-secrets': {
    symptom: 'build-secret',
    example: 'the pull request is from a fork, so "api" is not pushed: its build needs "npm-token"',
    cause:
      'With `push: always` the images of a pull request from a fork are pushed, and a fork gets no build secrets and no SSH keys, whatever the event and the inputs. An image that was built without what slipway.yaml names for it would be another one.',
    remedy:
      'Remove `push: always`, so that the images of forks are only built, or merge the branch into one of this repository.',
  },
  'promotion-unknown': {
    symptom: 'promotion',
    example: '"stagging" is neither a formation nor the deployment tag of a snapshot in "ghcr.io/acme/shop"',
    cause:
      'The input `promote` or `rest-from` names something that is neither a formation nor a deployment tag.',
    remedy: 'Correct the input.',
  },
  'promotion-not-passed': {
    symptom: 'promotion',
    example: 'no snapshot has succeeded at eu, us yet',
    cause: 'The snapshot that is to be promoted did not succeed at all destinations where it has to.',
    remedy: 'Deploy and verify it there first, or name a deployment tag that succeeded.',
  },
  'promotion-disagrees': {
    symptom: 'promotion',
    example:
      'the destinations of "staging" last succeeded with different snapshots: eu has "v1", us has "v2"',
    cause: 'The destinations of the formation to promote from last succeeded with different snapshots.',
    remedy: 'Release one of them at all destinations, or name a deployment tag.',
  },
  'spawn-registry': {
    symptom: 'input',
    example:
      '"preview-1234" would push to "ghcr.io/acme/shop", which is where the images of the application are',
    cause:
      'The registry of the application, by slipway.yaml or by the input `registry`, is that of `spec.spawn.registry`. Nothing was built.',
    remedy: 'Give instances a repository of their own. [Spawned environments](spawned.md) explains why.',
  },
};
