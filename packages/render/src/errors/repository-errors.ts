import type { ErrorEntry } from '@slipway/core';

/** Files of the repository, and what slipway.yaml and the formations declare. */
export type RepositoryErrorCode =
  | 'file-missing'
  | 'file-outside'
  | 'file-unreadable'
  | 'file-too-large'
  | 'name-duplicate'
  | 'shared-folder-invalid'
  | 'extends-unknown'
  | 'extends-circular'
  | 'destinations-missing'
  | 'name-prefix-invalid'
  | 'label-invalid'
  | 'promotion-circular'
  | 'promoted-from-unknown'
  | 'soak-alone'
  | 'target-unknown'
  | 'nothing-to-render'
  | 'selection-unused'
  | 'spawn-skipped'
  | 'spawn-key-missing'
  | 'spawn-key-invalid'
  | 'spawn-unknown'
  | 'spawn-name-taken'
  | 'spawn-registry-shared'
  | 'spawn-quota-invalid'
  | 'spawn-prefix-shared'
  | 'spawn-prefix-within'
  | 'snapshot-of-instance'
  | 'snapshot-not-spawned'
  | 'promotion-unsigned'
  | 'manifests-missing';

export const repositoryErrors: Readonly<Record<RepositoryErrorCode, ErrorEntry>> = {
  'file-missing': {
    symptom: 'file',
    example: 'the file "slipway.yaml" does not exist in the workspace',
    cause: 'A file or folder that the action needs is not in the workspace.',
    remedy:
      'Check out the repository before this step, and correct the path. Paths count from the workspace.',
  },
  'file-outside': {
    symptom: 'file',
    example: '"stencils/shared.yaml" points out of the folder that it belongs to',
    cause:
      'A path or a symbolic link leads out of the repository or of a shared folder. Slipway follows no such link, since a pull request could point it at anything on the runner.',
    remedy: 'Put the file itself into the repository.',
  },
  'file-unreadable': {
    symptom: 'file',
    example: '"stencils/api.yaml" is not a regular file',
    cause: 'The path is a device, a pipe or a folder, or the step may not read it.',
    remedy: 'Replace it with a regular file, and check its permissions.',
  },
  'file-too-large': {
    symptom: 'file',
    example: '"stencils/api.yaml" is larger than 10 MiB',
    cause: 'The file is larger than any manifest needs to be.',
    remedy: 'Split the file.',
  },
  'name-duplicate': {
    symptom: 'formation',
    example: 'the formation "production" is already defined in another file (formations/production.yaml:1:1)',
    cause: 'Two files define the same formation, or two shared folders have a stencil of the same name.',
    remedy: 'Remove or rename one of them.',
  },
  'shared-folder-invalid': {
    symptom: 'formation',
    example: '"../platform" is outside the workspace',
    cause:
      'An entry of `spec.paths` in slipway.yaml is missing, leads out of the workspace, or is listed twice.',
    remedy:
      'Check out the shared repository into the workspace before this step, or correct the path. [Shared folders](shared-folders.md) has an example.',
  },
  'extends-unknown': {
    symptom: 'formation',
    example: 'the formation "base", which this one extends, does not exist',
    cause: '`spec.extends` names a formation that does not exist.',
    remedy: 'Correct the name.',
  },
  'extends-circular': {
    symptom: 'formation',
    example: 'the formation extends itself: production extends base extends production',
    cause: 'Formations extend each other in a circle.',
    remedy: 'Remove `extends` from one of them.',
  },
  'destinations-missing': {
    symptom: 'formation',
    example: 'the formation "base" has no destinations, and no other formation extends it',
    cause: 'A formation without destinations is useful only if another one extends it.',
    remedy: 'Add `spec.destinations`, or remove the file.',
  },
  'name-prefix-invalid': {
    symptom: 'formation',
    example: '"Canary_" cannot begin the name of an object',
    cause: 'The name of an object cannot begin with `spec.name-prefix`.',
    remedy: 'Use lower-case letters, digits, `-` and `.`, such as `canary-`.',
  },
  'label-invalid': {
    symptom: 'formation',
    example: '"team: a b" is not a valid label',
    cause: "A label in `spec.labels` breaks Kubernetes' rules for labels.",
    remedy: 'Use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.',
  },
  'promotion-circular': {
    symptom: 'formation',
    example:
      'the formation "staging" accepts only snapshots that passed in "staging" itself, so it could never be deployed',
    cause: '`promoted-from` names the formation itself, or it is inherited from the formation that it names.',
    remedy: 'Name another formation in `promoted-from`.',
  },
  'promoted-from-unknown': {
    symptom: 'formation',
    example:
      'the formation "production" is promoted from "stagin", and no formation with destinations has that name',
    cause:
      '`promoted-from` names a formation that has no file, or has no destinations, so that nothing ever passes there.',
    remedy: 'Name the formation in which a snapshot passes first.',
  },
  'soak-alone': {
    symptom: 'formation',
    example: 'the formation "production" has soak, and no promoted-from whose verdicts could be waited for',
    cause:
      '`soak` says how long ago a snapshot must have passed in the formation that `promoted-from` names, and there is none.',
    remedy: 'Add `promoted-from`, or remove `soak`.',
  },
  'target-unknown': {
    symptom: 'formation',
    example: 'the formation "prod" does not exist',
    cause: 'The inputs name a formation or a destination that is not declared.',
    remedy: 'Use a declared name; the message suggests one.',
  },
  'nothing-to-render': {
    symptom: 'formation',
    example: 'the formation "production" selects no stencils',
    cause: 'There are no formations, or `spec.stencils` of a formation leaves no stencil.',
    remedy: 'Add `formations/<name>.yaml` or `stencils/*.yaml`, or correct `spec.stencils`.',
  },
  'selection-unused': {
    symptom: 'formation',
    example: 'the pattern "worker*" matches no stencil',
    cause: 'A pattern in `spec.stencils` of a formation matches no stencil.',
    remedy: 'Correct or remove it.',
  },
  'spawn-skipped': {
    symptom: 'formation',
    example: 'the formation "preview" is spawned, so it is not rendered here',
    cause:
      'All formations are rendered, and of one with a `spawn` block there are instances only. This is a notice.',
    remedy: 'Nothing needs to be done; the input `spawn` renders an instance.',
  },
  'spawn-key-missing': {
    symptom: 'formation',
    example: 'the formation "preview" is spawned, and it is not said for which pull request or branch',
    cause:
      'A formation with a `spawn` block has instances only, one for each pull request or branch, and the step does not say for which.',
    remedy: 'Set the input `spawn`. [Spawned environments](spawned.md) explains it.',
  },
  'spawn-key-invalid': {
    symptom: 'input',
    example:
      'the input "spawn" is "../x", which is neither the number of a pull request nor the name of a branch',
    cause: 'The input `spawn` is not a number, and Git allows no branch of that name.',
    remedy: 'Give the number of the pull request, or the name of a branch as Git has it.',
  },
  'spawn-unknown': {
    symptom: 'formation',
    example: 'the input "spawn" is set, and the formation "staging" has no spawn block',
    cause: 'The input `spawn` asks for an instance of a formation that has none.',
    remedy: 'Name the formation that has `spec.spawn` in the input `formation`, or remove the input `spawn`.',
  },
  'spawn-name-taken': {
    symptom: 'formation',
    example: 'the formation "preview-1234" has the name of an instance of "preview", which is spawned',
    cause:
      'A file has the name that an instance of a spawned formation would have, so that both would be one release.',
    remedy: 'Rename the file and the formation in it.',
  },
  'spawn-prefix-shared': {
    symptom: 'formation',
    example:
      'instances of "preview" and of "demo" would have the same namespace, which begins with "shop-pr-" for both',
    cause:
      'Two spawned formations have the same beginning of their namespaces, or of their names in one namespace, so that their instances with one key would be each other.',
    remedy: 'Give one of them another beginning, in the namespace of its destination or in `name-prefix`.',
  },
  'spawn-prefix-within': {
    symptom: 'formation',
    example:
      'instances of "demo" and of "preview" may have the same namespace, since "shop-" and "shop-pr-" begin alike',
    cause:
      'This is a warning: the beginning of one contains that of the other, so that the branch `pr-2` of one and the pull request 2 of the other would have one name. The second of the two is refused then.',
    remedy: 'Let neither of the two begin with the other.',
  },
  'spawn-quota-invalid': {
    symptom: 'formation',
    example: 'the quota of "pods" is 60, and an instance has 30 at most',
    cause:
      'The `quota` of a `spawn` block with `form: create` may only lower what is shipped, and must leave room for one pod; of `defaults`, with what is shipped, no request may be above its limit, and none of them below the least that a container has.',
    remedy:
      'Write less than is shipped, and no less than `defaults` take. [Spawned environments](spawned.md#form-create) has both.',
  },
  'spawn-registry-shared': {
    symptom: 'formation',
    example:
      'instances of "preview" would push to "ghcr.io/acme/shop", which is the registry of the application',
    cause:
      'Jobs of pull requests would hold a right to push where the images of releases are, and what passed.',
    remedy: 'Name a repository of their own in `spec.spawn.registry`.',
  },
  'snapshot-of-instance': {
    symptom: 'promotion',
    example:
      'the snapshot "pr-1234-20261121-021512-a1b2c3d-118-1" was built for the instance with the key "1234", and only that one takes it',
    cause:
      'Images of a pull request or a branch were built with the input `spawn`, of code that no one has reviewed. They are never promoted, nor taken for a release.',
    remedy: 'Merge the change, and promote what was built of the branch after that.',
  },
  'snapshot-not-spawned': {
    symptom: 'promotion',
    example:
      'the snapshot "v42" was built for no instance, and the one with the key "1234" takes only what was built for it',
    cause:
      'The manifests of an instance were rendered with the images of a release. Those are in another registry, and what an instance runs would not be what its pull request has.',
    remedy:
      'Set `spawn` in build-retag as in the other steps. What the pull request does not touch is copied, and not built again.',
  },
  'promotion-unsigned': {
    symptom: 'promotion',
    example:
      'the formation "production" is promoted from "staging" without a record-key, and the formation "preview" is spawned',
    cause:
      'Jobs of pull requests hold a right to push, often to every package of the repository, so that whoever may push a branch could write that something passed. Only a signature tells that from what verify-rollout wrote.',
    remedy:
      'Create a key with `openssl rand -base64 32`, and give it as `record-key` to all steps that release, and to none of an instance. [Spawned environments](spawned.md) explains it.',
  },
  'manifests-missing': {
    symptom: 'file',
    example: '"deploy/**/*.yml" matches no manifest',
    cause: 'A path or pattern matches no file with manifests.',
    remedy: 'Give a file, a folder or a glob with `.yaml`, `.yml` or `.json` files.',
  },
};
