import type { ErrorEntry } from '@slipway/core';

export type RegistryErrorCode =
  | 'reference-invalid'
  | 'docker-config-invalid'
  | 'credential-helper-failed'
  | 'registry-unreachable'
  | 'registry-untrusted'
  | 'registry-unauthorized'
  | 'registry-denied'
  | 'registry-busy'
  | 'registry-failed'
  | 'registry-answer-invalid'
  | 'redirect-refused'
  | 'token-realm-refused'
  | 'image-not-found'
  | 'not-an-image'
  | 'digest-mismatch'
  | 'tag-exists'
  | 'tags-incomplete'
  | 'snapshot-not-found'
  | 'snapshot-invalid'
  | 'snapshot-foreign'
  | 'snapshot-replaced'
  | 'artifact-unverified'
  | 'verdict-invalid';

/** What each code means for a user, and what to do about it. */
export const registryErrors: Readonly<Record<RegistryErrorCode, ErrorEntry>> = {
  'reference-invalid': {
    symptom: 'registry-content',
    example: '',
    cause: 'The name of an image or repository is not one that registries accept.',
    remedy: 'Write registry/repository:tag in lower case.',
  },
  'docker-config-invalid': {
    symptom: 'registry-access',
    example: '',
    cause:
      "Docker's config.json cannot be read as JSON or holds a login that is not base64 of user:password.",
    remedy: 'Log in again.',
  },
  'credential-helper-failed': {
    symptom: 'registry-access',
    example: '',
    cause: 'A docker-credential-… program that config.json names could not be run or gave no login.',
    remedy: 'Install it, or log in without it.',
  },
  'registry-unreachable': {
    symptom: 'registry-access',
    example: '',
    cause: 'The registry does not answer.',
    remedy: 'Check its name and port, and that the runner may reach it.',
  },
  'registry-untrusted': {
    symptom: 'registry-access',
    example: '',
    cause: "The registry's certificate is not trusted, or it speaks plain HTTP.",
    remedy: 'Set NODE_EXTRA_CA_CERTS to the PEM file of its authority, or name it in plain-http-registries.',
  },
  'registry-unauthorized': {
    symptom: 'registry-access',
    example: '',
    cause: 'The registry wants a login.',
    remedy: 'Log in to it in an earlier step of the job.',
  },
  'registry-denied': {
    symptom: 'registry-access',
    example: '',
    cause: 'The login may not do this in the registry.',
    remedy: 'Give it the right to pull, or to push, in that repository.',
  },
  'registry-busy': {
    symptom: 'registry-access',
    example: '',
    cause: 'The registry refused more requests for now (429) and kept doing so.',
    remedy: 'Run the step again later, or log in for a higher limit.',
  },
  'registry-failed': {
    symptom: 'registry-access',
    example: '',
    cause: 'The registry answered with an error of its own, also when asked again.',
    remedy: "Look at the registry's log.",
  },
  'registry-answer-invalid': {
    symptom: 'registry-access',
    example: '',
    cause: 'The registry answered with something that the distribution specification does not allow.',
    remedy: 'Check that the address is a registry.',
  },
  'redirect-refused': {
    symptom: 'registry-access',
    example: '',
    cause: 'The registry redirected too often, or from HTTPS to plain HTTP.',
    remedy: 'Mend the registry or the proxy before it.',
  },
  'token-realm-refused': {
    symptom: 'registry-access',
    example: '',
    cause: 'The registry sent the login to a token server on plain HTTP.',
    remedy: 'Such a login would travel readable, so the registry has to be mended.',
  },
  'image-not-found': {
    symptom: 'registry-content',
    example: '',
    cause: 'The registry has no such image.',
    remedy: 'Check repository, tag or digest.',
  },
  'not-an-image': {
    symptom: 'registry-content',
    example: '',
    cause:
      'The reference names something else than a container image, such as a chart or a manifest of Docker before 1.10.',
    remedy: 'Name an image.',
  },
  'digest-mismatch': {
    symptom: 'registry-content',
    example: '',
    cause: 'What the registry sent does not have the digest that was asked for.',
    remedy: 'Do not use it; look at the registry or the proxy before it.',
  },
  'tag-exists': {
    symptom: 'registry-content',
    example: '',
    cause: 'The deployment tag already names another image.',
    remedy: 'Choose another deployment-tag, or set on-existing-tag.',
  },
  'tags-incomplete': {
    symptom: 'registry-content',
    example: '',
    cause: 'Writing the deployment tag stopped half-way; the message says which images have it.',
    remedy: 'Run the step again with the same deployment-tag.',
  },
  'snapshot-not-found': {
    symptom: 'snapshot',
    example: '',
    cause: 'The registry has no snapshot under that deployment tag.',
    remedy: 'Check the tag and the registry.',
  },
  'snapshot-invalid': {
    symptom: 'snapshot',
    example: '',
    cause: 'What lies under that tag is no snapshot of this format.',
    remedy: 'Name the tag of a build of Slipway.',
  },
  'snapshot-foreign': {
    symptom: 'snapshot',
    example: '',
    cause:
      'The snapshot is of another application, registry or deployment tag than the one that was asked for.',
    remedy: 'Name one of this application.',
  },
  'artifact-unverified': {
    symptom: 'registry-content',
    example: '',
    cause: 'A snapshot, a verdict or the mark that a snapshot passed bears no MAC of `record-key`.',
    remedy: 'Build and verify again with the key, or find out who pushed it.',
  },
  'snapshot-replaced': {
    symptom: 'snapshot',
    example: '',
    cause: 'The deployment tag names another snapshot in the registry than the one at hand.',
    remedy: 'Deploy what the registry has, under a deployment tag of its own.',
  },
  'verdict-invalid': {
    symptom: 'registry-content',
    example: '',
    cause: 'What lies under the tag of a verdict is no verdict on that release.',
    remedy: 'Verify the release again.',
  },
};
