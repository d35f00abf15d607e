import type { ErrorEntry } from '@slipway/core';

/** Manifests, patches, snapshots, and the tree that is written. */
export type ManifestErrorCode =
  | 'snapshot-missing'
  | 'snapshot-foreign'
  | 'snapshot-incomplete'
  | 'patch-unmatched'
  | 'patch-invalid'
  | 'object-invalid'
  | 'object-exported'
  | 'object-name-invalid'
  | 'object-duplicate'
  | 'line-unknown'
  | 'object-shared'
  | 'matrix-too-large'
  | 'waves-unexpected'
  | 'output-foreign'
  | 'output-outside'
  | 'output-unwritable'
  | 'rendered-missing'
  | 'rendered-changed';

export const manifestErrors: Readonly<Record<ManifestErrorCode, ErrorEntry>> = {
  'snapshot-missing': {
    symptom: 'snapshot',
    example: 'the snapshot "snapshot.json" cannot be read',
    cause:
      'The input `snapshot` is a path, and there is no such file. Files of another job have to be passed on as an artifact.',
    remedy: 'Run build-retag in the same job, or give the deployment tag of a build.',
  },
  'snapshot-foreign': {
    symptom: 'snapshot',
    example: 'the snapshot "v1" is of the application "blog"',
    cause: 'The snapshot was built for another application.',
    remedy: 'Give a snapshot of this application.',
  },
  'snapshot-incomplete': {
    symptom: 'snapshot',
    example: 'the snapshot "v1" has no image of the service "worker"',
    cause:
      'The snapshot has no image of a service, or no Git revision, that a stencil uses. Often the service is newer than the snapshot.',
    remedy: 'Build the application again.',
  },
  'patch-unmatched': {
    symptom: 'manifest',
    example: 'the formation has no "Deployment wroker" to patch',
    cause: 'A patch is for an object that the formation does not have.',
    remedy: 'Correct kind and name, or remove the patch.',
  },
  'patch-invalid': {
    symptom: 'manifest',
    example:
      'an item of "spec.template.spec.containers" lacks "name", which identifies the items of this list',
    cause: 'A patch cannot be merged into its object.',
    remedy: 'Correct the part that the message names.',
  },
  'object-exported': {
    symptom: 'manifest',
    example: 'metadata.uid of ConfigMap "settings" is set by the API server, so it is ignored',
    cause:
      'The manifest was exported from a cluster, as `kubectl get -o yaml` does, and has fields that only the API server sets. This is a warning: they are left out.',
    remedy: 'Remove them from the manifest.',
  },
  'object-invalid': {
    symptom: 'manifest',
    example: 'this manifest has no valid "metadata.name"',
    cause: 'A document is not a Kubernetes object: `apiVersion`, `kind` or `metadata.name` is missing.',
    remedy: 'Add what is missing.',
  },
  'object-name-invalid': {
    symptom: 'manifest',
    example: 'metadata.name "Api_1" is not a valid object name',
    cause: '`metadata.name` or `metadata.namespace` is not a name that Kubernetes accepts for this kind.',
    remedy: 'Use lower-case letters, digits, `-` and `.`.',
  },
  'object-duplicate': {
    symptom: 'manifest',
    example: 'Service "api" is already defined (stencils/api.yaml:1:1)',
    cause: 'Two manifests define the same object.',
    remedy: 'Remove or rename one of them.',
  },
  'line-unknown': {
    symptom: 'output',
    example: '"production/eu/manifests/api.yaml:900" is not a line of a rendered manifest',
    cause:
      'The input `explain` names a line that the rendered manifests do not have, or that has only a comment.',
    remedy: 'Write it as `<formation>/<destination>/manifests/<file>:<line>`.',
  },
  'object-shared': {
    symptom: 'manifest',
    example:
      '3 objects of "canary/eu", such as Deployment "api", are also in "production/eu", which is in the same cluster',
    cause: 'Two destinations would write the same object of one cluster, and only one of them can own it.',
    remedy: 'Give one of the formations a `name-prefix` and labels, or a namespace of its own.',
  },
  'matrix-too-large': {
    symptom: 'output',
    example: 'wave 1 has 300 destinations, and a matrix of GitHub has at most 256 jobs',
    cause:
      'The output `waves` has more waves, or a wave more destinations, than a matrix of GitHub may have jobs, so that no workflow could run it.',
    remedy:
      'Divide the wave in the formation, or render fewer destinations at a time with `formation` and `destination`.',
  },
  'waves-unexpected': {
    symptom: 'output',
    example:
      'the formations have "3:production/asia=production-asia", which the workflow was not written for',
    cause:
      'A formation has other waves, destinations or environments than those of the input `expected-waves`, which the workflow was written for. It would leave out a destination, or deploy to it in another environment.',
    remedy:
      'Write the workflows again with `npm run workflows`, or correct `expected-waves` in a workflow of your own.',
  },
  'output-foreign': {
    symptom: 'output',
    example: '"out" contains something other than a rendered destination, so it is not replaced',
    cause:
      'The output folder contains other files, or it is a link. Slipway only replaces what it wrote itself.',
    remedy: 'Choose another output folder.',
  },
  'output-outside': {
    symptom: 'output',
    example: 'the output "../out" is outside the workspace',
    cause: 'A relative `output` leads out of the workspace, by `..` or by a link.',
    remedy: 'Choose a path in the workspace, or an absolute one.',
  },
  'output-unwritable': {
    symptom: 'output',
    example: '"/out" cannot be written (EACCES)',
    cause: 'The output folder is read-only or full, or a part of its path is a file.',
    remedy: 'Choose a folder that this step may write to.',
  },
  'rendered-missing': {
    symptom: 'tree',
    example: '"out" does not contain a rendered tree',
    cause: 'The path has no rendered tree.',
    remedy:
      'Run render-stencil before this step, and give its output `manifests`. Between jobs, pass on the whole folder as an artifact.',
  },
  'rendered-changed': {
    symptom: 'tree',
    example: '"out/production/eu/manifests/api.yaml" was changed after it was rendered',
    cause:
      'Rendered manifests were changed, added or removed after rendering, so that they are not what was checked.',
    remedy: 'Change the stencil or the config instead, and render again.',
  },
};
