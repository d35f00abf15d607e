import type { ErrorEntry } from '@slipway/core';

/** Charts, Kustomize directories and folders of plain manifests. */
export type SourceErrorCode =
  | 'source-invalid'
  | 'source-missing'
  | 'source-remote'
  | 'source-failed'
  | 'source-random'
  | 'source-hook-dropped'
  | 'secret-unseen';

export const sourceErrors: Readonly<Record<SourceErrorCode, ErrorEntry>> = {
  'source-invalid': {
    symptom: 'source',
    example: 'the source "door" has no chart',
    cause: 'An entry of `spec.sources` lacks a field, or has one that the tool could not be given.',
    remedy: 'Correct the entry. [Helm and Kustomize](helm-and-kustomize.md) lists all fields.',
  },
  'source-missing': {
    symptom: 'source',
    example: '"charts/door" does not exist in the workspace',
    cause: 'A chart, a values file, or something that a kustomization.yaml names is not in the workspace.',
    remedy: 'Correct the path, or check out the repository that has it before this step.',
  },
  'source-remote': {
    symptom: 'source',
    example: '"https://example.com/base" may be fetched from another host, where it can change',
    cause:
      'A kustomization.yaml refers to another host, a chart or a plugin. What is fetched when rendering could change between two runs.',
    remedy:
      'Put its files into the repository, or check them out by commit; put a chart under `spec.sources`.',
  },
  'source-failed': {
    symptom: 'source',
    example: 'helm failed to render the chart: nil pointer evaluating interface {}.port',
    cause: 'The program helm or kubectl kustomize rejects its files.',
    remedy: 'The message is what the tool says; fix the file.',
  },
  'source-random': {
    symptom: 'source',
    example:
      'the template "door/templates/secret.yaml" gives a different output each time, as with randAlphaNum, genCA or now',
    cause:
      'A template of a chart produces something else in every run (a warning if it only reads the clock), so that what was checked would not be what is deployed.',
    remedy:
      'Set what it makes up as a value, a secret for example, or exclude the template by `spec.stencils`.',
  },
  'source-hook-dropped': {
    symptom: 'source',
    example: '"Job migrate" of "door" is a hook for "pre-upgrade", which Slipway does not run',
    cause: 'A chart has a hook for a moment that a release of Slipway does not have.',
    remedy:
      'Exclude it by `spec.stencils` if it is not needed. For a migration, use `slipway.dev/order` on a Job.',
  },
  'secret-unseen': {
    symptom: 'source',
    example: 'the secret "db.password" in the values of "door" does not appear in any of its manifests',
    cause:
      'A secret was given to a chart as a value, and none of its manifests contains it: no template uses it, or one changes it.',
    remedy: 'Let the template put it into a Secret as it is or through `b64enc`, or remove the value.',
  },
};
