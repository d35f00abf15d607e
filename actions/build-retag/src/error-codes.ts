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
  | 'spawn-registry'
  | 'part-dependency'
  | 'part-taken'
  | 'part-missing'
  | 'part-foreign'
  | 'part-surplus'
  | 'parts-incomplete'
  | 'parts-overlap'
  | 'parts-disagree';

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
  'part-dependency': {
    symptom: 'parts',
    example: '"web" starts from "api", which the part "web" does not build',
    cause:
      'A service has `depends-on`, and the service that it names is built by another job, on whose machine its image is.',
    remedy:
      'Build both in one part; parts may also be one for each platform. Or take the other from a snapshot with `rest-from`, in this job and in the one that joins.',
  },
  'part-taken': {
    symptom: 'parts',
    example: 'another job builds the part "build" in this attempt of run 1001',
    cause: 'Two jobs have the same `part`, as all jobs of a matrix do if its name is not made of the matrix.',
    remedy: 'Make the name of what differs, such as `part: ${{ matrix.part }}`.',
  },
  'part-missing': {
    symptom: 'parts',
    example: 'the part "arm64" of run 1001 was begun in attempt 2 and not finished',
    cause:
      'The job that builds the part failed or was cancelled, is not one that the joining job `needs`, or has another `part`, `registry` or `application`. What an earlier attempt built counts only if no later one began to build it. Nothing was tagged.',
    remedy: 'Look at that job. Run the failed jobs again once it is corrected.',
  },
  'part-foreign': {
    symptom: 'parts',
    example: 'the part "arm64" is of the commit "a1b2…", and this job of the commit "c3d4…"',
    cause: 'The jobs of the run checked out different commits, as those that name a branch do when it moves.',
    remedy: 'Check out the commit of the run in every job, which is what actions/checkout does by default.',
  },
  'part-surplus': {
    symptom: 'parts',
    example: 'the part "web" built "web", which this job leaves out',
    cause: 'A part has a service or a platform that the inputs of the joining job do not name.',
    remedy: 'Give the joining job the `services` and `platforms` of all parts together.',
  },
  'parts-incomplete': {
    symptom: 'parts',
    example: 'no part built "web" for "linux/arm64"',
    cause: 'A snapshot has every service, and each image every platform, and a part of that is missing.',
    remedy: 'Add the part that builds it, or correct `parts`, `services` and `platforms`.',
  },
  'parts-overlap': {
    symptom: 'parts',
    example: 'the parts "amd64" and "arm64" both built "api" for "linux/amd64"',
    cause:
      'Two parts have an image of the same service for the same platform, or one of them does not name its platforms.',
    remedy: 'Give each part services or `platforms` of its own.',
  },
  'parts-disagree': {
    symptom: 'parts',
    example: 'the parts "amd64" and "arm64" built "api" from different inputs',
    cause:
      'One image would be made of different things: the tag of a base image moved between the jobs, or they have different files, arguments or other inputs.',
    remedy: 'Give all parts the same inputs, and run all jobs again.',
  },
};
