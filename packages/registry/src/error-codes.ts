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
  | 'repository-missing'
  | 'manifest-refused'
  | 'tag-exists'
  | 'tag-immutable'
  | 'mark-unwritable'
  | 'mark-inconsistent'
  | 'tags-incomplete'
  | 'snapshot-not-found'
  | 'snapshot-invalid'
  | 'snapshot-foreign'
  | 'snapshot-replaced'
  | 'artifact-unverified'
  | 'verdict-invalid'
  | 'stored-hold-invalid'
  | 'part-invalid';

/** What each code means for a user, and what to do about it. */
export const registryErrors: Readonly<Record<RegistryErrorCode, ErrorEntry>> = {
  'reference-invalid': {
    symptom: 'registry-content',
    example: '"ghcr.io/Acme/Shop" does not name an image',
    cause: 'The name of an image or repository is not one that registries accept.',
    remedy: 'Write `registry/repository:tag` in lower case.',
  },
  'docker-config-invalid': {
    symptom: 'registry-access',
    example: '"/home/runner/.docker/config.json" is not JSON',
    cause: "Docker's config.json is not JSON, or it contains a login that is not base64 of user:password.",
    remedy: 'Log in to the registry again.',
  },
  'credential-helper-failed': {
    symptom: 'registry-access',
    example:
      '"docker-credential-ecr-login" gave no login for "123456789012.dkr.ecr.eu-central-1.amazonaws.com"',
    cause: "Docker's config.json names a credential helper that could not be run or returned no login.",
    remedy: 'Install the helper and what it needs, or log in without it.',
  },
  'registry-unreachable': {
    symptom: 'registry-access',
    example: 'the registry "registry.acme.io" does not answer (ECONNREFUSED)',
    cause: 'The registry does not answer.',
    remedy: 'Check its name and port, and that the runner can reach it.',
  },
  'registry-untrusted': {
    symptom: 'registry-access',
    example: 'the registry "registry.acme.io" does not speak TLS correctly (EPROTO)',
    cause:
      'The certificate of the registry is not trusted or has expired, or the registry speaks plain HTTP.',
    remedy:
      'Set NODE_EXTRA_CA_CERTS to the PEM file of its certificate authority, or list it in `plain-http-registries`.',
  },
  'registry-unauthorized': {
    symptom: 'registry-access',
    example: 'the registry "ghcr.io" refused to push to "acme/shop/api" (status 401)',
    cause: 'The registry needs a login.',
    remedy: 'Log in to it in an earlier step of the job, for example with docker/login-action.',
  },
  'registry-denied': {
    symptom: 'registry-access',
    example: 'the registry "ghcr.io" refused to push to "acme/shop/api" (status 403)',
    cause: 'The login does not have the right to pull from, or push to, this repository.',
    remedy: 'Grant it. For ghcr.io in GitHub Actions, set `permissions: packages: write`.',
  },
  'registry-busy': {
    symptom: 'registry-access',
    example:
      'the registry "docker.io" refused to give "docker.io/library/nginx:1.29" (HTTP 429 "TOOMANYREQUESTS": …; it allows 100 in 6 h)',
    cause:
      'The registry limits the number of requests, and kept refusing when Slipway tried again, or said that it will for longer than Slipway waits.',
    remedy:
      'Run the job again when the message says, or log in to the registry before the step for a higher limit; without a login all jobs behind one address share one.',
  },
  'registry-failed': {
    symptom: 'registry-access',
    example: 'the registry "registry.acme.io" refused to read "shop/api:v1" (status 503)',
    cause: 'The registry answered with an error of its own, again after several attempts.',
    remedy: 'Look at the log of the registry, and run the job again.',
  },
  'registry-answer-invalid': {
    symptom: 'registry-access',
    example: 'the registry "registry.acme.io" answered with a document of more than 4 MiB',
    cause: 'The server answered with something that the OCI distribution specification does not allow.',
    remedy: 'Check that the address is a registry, and not its web page.',
  },
  'redirect-refused': {
    symptom: 'registry-access',
    example: 'the server "registry.acme.io" redirected away from HTTPS',
    cause: 'The registry redirected too often, or from HTTPS to plain HTTP, where a login would be readable.',
    remedy: 'Correct the configuration of the registry, or of the proxy before it.',
  },
  'token-realm-refused': {
    symptom: 'registry-access',
    example:
      'the registry "registry.acme.io" asks to send its login to "http://auth.acme.io", which is not HTTPS',
    cause: 'The registry asks to send the login to a token server without HTTPS. Nothing was sent.',
    remedy: 'Its operator has to put the token server behind HTTPS.',
  },
  'image-not-found': {
    symptom: 'registry-content',
    example: 'the registry has no image "ghcr.io/acme/shop/api:v1"',
    cause: 'The registry does not have the image, or it was deleted, or hides it from this login.',
    remedy: 'Check repository, tag and digest, and that the login may read it.',
  },
  'not-an-image': {
    symptom: 'registry-content',
    example: '"ghcr.io/acme/charts/shop:1" is not a container image',
    cause: 'The reference is a chart, another artifact, or a manifest of a format older than Docker 1.10.',
    remedy: 'Name a container image.',
  },
  'digest-mismatch': {
    symptom: 'registry-content',
    example:
      'the content that the registry sent for "ghcr.io/acme/shop/api@sha256:…" has the digest sha256:…',
    cause: 'The registry sent something other than what was asked for. Slipway did not use it.',
    remedy: 'Look at the registry, or at the proxy or mirror before it.',
  },
  'repository-missing': {
    symptom: 'registry-content',
    example:
      'the registry "123456789012.dkr.ecr.eu-central-1.amazonaws.com" refused to take the blob sha256:… into shop/api (HTTP 404 "NAME_UNKNOWN")',
    cause: 'The registry has no such repository, and does not create one when something is pushed.',
    remedy:
      'Create one repository for each service, and `snapshots`: see [Registries](registries.md#what-has-to-be-set-up).',
  },
  'manifest-refused': {
    symptom: 'registry-content',
    example:
      'the registry "quay.acme.io" refused to take quay.acme.io/shop/snapshots:v1 (HTTP 415 "MANIFEST_INVALID": …)',
    cause:
      'The registry understood the request and does not want it: mostly because it takes images only, and a snapshot or a verdict is another kind of OCI artifact. Its own sentence is in the message.',
    remedy:
      'Let it take OCI artifacts, or keep the images in another registry: see [Registries](registries.md).',
  },
  'tag-immutable': {
    symptom: 'registry-content',
    example:
      'the registry "123456789012.dkr.ecr.eu-central-1.amazonaws.com" does not let the tag "…/shop/api:v1" be moved',
    cause:
      'The registry has a rule for immutable tags, and the run had to move one: with `on-existing-tag: overwrite`, or for signatures in a registry without the referrers API. Verdicts, holds and what passed need no tag to move.',
    remedy: 'Choose another `deployment-tag`, or exempt the tag from the rule.',
  },
  'mark-unwritable': {
    symptom: 'registry-content',
    example:
      '"ghcr.io/acme/shop/snapshots:passed.production.eu" was not written: other runs were first each time',
    cause:
      'In a registry with immutable tags a verdict or a hold takes the next number after its tag, and it was always taken, or the last one is. Nothing was written.',
    remedy: 'Run the step again. If it remains, find out who pushes these tags.',
  },
  'mark-inconsistent': {
    symptom: 'registry-content',
    example:
      'it is not known what "ghcr.io/acme/shop/snapshots:passed.production.eu" leads to: the list of tags has "passed.production.eu_7", and there is no such tag',
    cause:
      'In a registry with immutable tags the highest number of a tag counts. Its list of tags names one that does not exist, or no tag at all, so that an older verdict or hold could be taken for the newest.',
    remedy:
      'Run the step again, since a list may lag behind. If it remains, find out who removes tags from the repository `snapshots`.',
  },
  'tag-exists': {
    symptom: 'registry-content',
    example: 'the deployment tag "v1" already names another snapshot, created 2026-11-21T02:15:12Z',
    cause: 'The deployment tag is already taken by other images.',
    remedy: 'Choose another `deployment-tag`, or set `on-existing-tag`.',
  },
  'tags-incomplete': {
    symptom: 'registry-content',
    example: 'the tag "v1" exists in "ghcr.io/acme/shop/api", but not in "ghcr.io/acme/shop/web"',
    cause:
      'Writing the deployment tag stopped half-way. No release can use it yet, as no snapshot was written.',
    remedy: 'Run the job again with the same `deployment-tag`.',
  },
  'snapshot-not-found': {
    symptom: 'snapshot',
    example: 'there is no snapshot "ghcr.io/acme/shop/snapshots:v1"',
    cause: 'The registry has no snapshot with that deployment tag.',
    remedy: 'Check the deployment tag and the registry.',
  },
  'snapshot-invalid': {
    symptom: 'snapshot',
    example: '"ghcr.io/acme/shop/snapshots:v1" is not a readable snapshot',
    cause:
      'The tag exists in the repository of snapshots, and is not a snapshot that this version of Slipway can read.',
    remedy: 'Name the deployment tag of a build of Slipway.',
  },
  'snapshot-foreign': {
    symptom: 'snapshot',
    example: 'the snapshot "v1" is not one of "shop" in "ghcr.io/acme/shop": it is of the application "blog"',
    cause:
      'The snapshot was built for another application, registry or deployment tag than the one that was asked for.',
    remedy: 'Name a deployment tag of this application.',
  },
  'artifact-unverified': {
    symptom: 'registry-content',
    example: 'the snapshot "ghcr.io/acme/shop/snapshots:v1" has no MAC',
    cause:
      'The input `record-key` is set, and a snapshot, a verdict or the mark of a snapshot that passed is not signed with that key.',
    remedy:
      'Build and verify again with `record-key`. For what is older than the key, add the line `accept-unsigned` once. Otherwise find out who pushed it.',
  },
  'snapshot-replaced': {
    symptom: 'snapshot',
    example: 'the registry\'s snapshot "v1" was removed or replaced',
    cause:
      'The deployment tag no longer leads to the snapshot that was deployed, so that a verdict on it would be about something else.',
    remedy: 'Build again under a new deployment tag.',
  },
  'verdict-invalid': {
    symptom: 'registry-content',
    example: 'the verdict on "v1" cannot be used: it is not about this snapshot at one destination',
    cause: 'The artifact with the verdict on a release is not a verdict, or is about another release.',
    remedy: 'Verify the release again.',
  },
  'stored-hold-invalid': {
    symptom: 'registry-content',
    example: 'the hold "ghcr.io/acme/shop/snapshots:hold.production.eu" cannot be read',
    cause:
      'The artifact that says who holds the formation is not one of Slipway, or is of another formation or destination. It is read where the cluster has no release.',
    remedy: 'Find out who pushed it. `mode: lift-hold` replaces it.',
  },
  'part-invalid': {
    symptom: 'parts',
    example:
      'the part "amd64" of run 1001 cannot be used: "ghcr.io/acme/shop/snapshots:part.1001.amd64" is of another application, registry, run or part',
    cause:
      'The artifact under the tag of a part is not one of Slipway, or is of another application, registry, run or part. Everyone who may push can write that tag.',
    remedy: 'Run all jobs again. If it remains, find out who pushed it.',
  },
};
