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
export const registryErrors: Record<RegistryErrorCode, string> = {
  'reference-invalid':
    'The name of an image or repository is not one that registries accept: write registry/repository:tag in lower case.',
  'docker-config-invalid':
    "Docker's config.json cannot be read as JSON or holds a login that is not base64 of user:password: log in again.",
  'credential-helper-failed':
    'A docker-credential-… program that config.json names could not be run or gave no login: install it, or log in without it.',
  'registry-unreachable':
    'The registry does not answer: check its name and port, and that the runner may reach it.',
  'registry-untrusted':
    "The registry's certificate is not trusted, or it speaks plain HTTP: set NODE_EXTRA_CA_CERTS to the PEM file of its authority, or name it in plain-http-registries.",
  'registry-unauthorized': 'The registry wants a login: log in to it in an earlier step of the job.',
  'registry-denied':
    'The login may not do this in the registry: give it the right to pull, or to push, in that repository.',
  'registry-busy':
    'The registry refused more requests for now (429) and kept doing so: run the step again later, or log in for a higher limit.',
  'registry-failed':
    "The registry answered with an error of its own, also when asked again: look at the registry's log.",
  'registry-answer-invalid':
    'The registry answered with something that the distribution specification does not allow: check that the address is a registry.',
  'redirect-refused':
    'The registry redirected too often, or from HTTPS to plain HTTP: mend the registry or the proxy before it.',
  'token-realm-refused':
    'The registry sent the login to a token server on plain HTTP: such a login would travel readable, so the registry has to be mended.',
  'image-not-found': 'The registry has no such image: check repository, tag or digest.',
  'not-an-image':
    'The reference names something else than a container image, such as a chart or a manifest of Docker before 1.10: name an image.',
  'digest-mismatch':
    'What the registry sent does not have the digest that was asked for: do not use it; look at the registry or the proxy before it.',
  'tag-exists':
    'The deployment tag already names another image: choose another deployment-tag, or set on-existing-tag.',
  'tags-incomplete':
    'Writing the deployment tag stopped half-way; the message says which images have it: run the step again with the same deployment-tag.',
  'snapshot-not-found':
    'The registry has no snapshot under that deployment tag: check the tag and the registry.',
  'snapshot-invalid':
    'What lies under that tag is no snapshot of this format: name the tag of a build of Slipway.',
  'snapshot-foreign':
    'The snapshot is of another application, registry or deployment tag than the one that was asked for: name one of this application.',
  'artifact-unverified':
    'A snapshot, a verdict or the mark that a snapshot passed bears no MAC of `record-key`: build and verify again with the key, or find out who pushed it.',
  'snapshot-replaced':
    'The deployment tag names another snapshot in the registry than the one at hand: deploy what the registry has, under a deployment tag of its own.',
  'verdict-invalid':
    'What lies under the tag of a verdict is no verdict on that release: verify the release again.',
};
