import type { ErrorEntry } from '@slipway/core';

export type StarterErrorCode =
  | 'folder-taken'
  | 'formation-twice'
  | 'look-failed'
  | 'namespace-unnamed'
  | 'nothing-found'
  | 'service-twice';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const starterErrors: Readonly<Record<StarterErrorCode, ErrorEntry>> = {
  'folder-taken': {
    symptom: 'program',
    example: `"config/cable.yml" is not one of Slipway's files, and Slipway reads all files of "config/" beside slipway.yaml`,
    cause:
      'Slipway reads every file of `config/` and `formations/` beside slipway.yaml, and another program has files of its own there, as Rails does.',
    remedy:
      'Write slipway.yaml into a folder of its own, such as `deploy/`, with contexts that begin with `..`.',
  },
  'formation-twice': {
    symptom: 'program',
    example:
      '"apps/api/overlays/staging" and "apps/web/overlays/staging" would both be the formation "staging"',
    cause:
      'Two Kustomize directories, files of values or folders of manifests are named after one environment, and formations have a file each by that name.',
    remedy:
      'Rename or remove one of them, or call `slipway init` in the folder of each application, such as `apps/api`.',
  },
  'look-failed': {
    symptom: 'program',
    example: '"config/Dockerfile" cannot be read',
    cause:
      'A file that the proposal depends on, or a folder of the repository, cannot be read, or is larger than such files are.',
    remedy: 'Check its permissions, or call `slipway init` in a folder that does not have it.',
  },
  'namespace-unnamed': {
    symptom: 'program',
    example:
      'Deployment "web" names no namespace, and another one of that name does, so no patch can name it alone',
    cause:
      'Two manifests have an object of one kind and name, in two namespaces of which one is written nowhere. The patch that sets its image would fit both.',
    remedy: 'Write `metadata.namespace` into the manifest at that position.',
  },
  'nothing-found': {
    symptom: 'program',
    example: 'the folder has no manifests, no chart and no code that is known',
    cause: '`slipway init` found nothing that could be deployed, such as in an empty folder.',
    remedy: 'Call it in the folder that has the code, or write slipway.yaml by hand.',
  },
  'service-twice': {
    symptom: 'program',
    example: '"services/api" and "apps/api" would both be the service "api"',
    cause: 'Two Dockerfiles are in folders whose names lead to the same name of a service.',
    remedy: 'Rename one of the folders, or call `slipway init` in each of them.',
  },
};
