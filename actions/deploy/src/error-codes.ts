import type { ErrorEntry } from '@slipway/core';

export type DeployErrorCode =
  | 'destination-unclear'
  | 'digest-differs'
  | 'tree-foreign'
  | 'seal-misplaced'
  | 'not-promoted'
  | 'registry-differs'
  | 'sign-off-missing'
  | 'release-unknown'
  | 'confirmation-missing';

export const deployErrors: Readonly<Record<DeployErrorCode, ErrorEntry>> = {
  'destination-unclear': {
    symptom: 'destination',
    example: '',
    cause: 'The rendered tree holds several destinations, or not the one that is named.',
    remedy: 'Give `formation` and `destination`.',
  },
  'digest-differs': {
    symptom: 'tree',
    example: '',
    cause: 'The manifests are not those that the digest was given for.',
    remedy: 'Render again, and take digest and manifests from the same run.',
  },
  'tree-foreign': {
    symptom: 'tree',
    example: '',
    cause:
      'The rendered tree is of another application, formation or namespace than the files of this checkout, or has lost its rendered.json.',
    remedy: 'Check out the commit that was rendered, and give the whole folder.',
  },
  'seal-misplaced': {
    symptom: 'tree',
    example: '',
    cause: "rendered.json asks for a secret outside of a Secret of the destination's namespace.",
    remedy: 'Render again.',
  },
  'not-promoted': {
    symptom: 'tree',
    example: '',
    cause: 'The formation takes only snapshots that succeeded in another formation, and this one did not.',
    remedy: 'Release it there first.',
  },
  'registry-differs': {
    symptom: 'tree',
    example: '',
    cause: 'The snapshot is of another registry than `spec.registry` of slipway.yaml.',
    remedy: 'Build again, or set the `registry` input as build-retag has it.',
  },
  'sign-off-missing': {
    symptom: 'tree',
    example: '',
    cause: 'A change wants to be signed off and nobody entitled approved it.',
    remedy: 'One of those whom the message names approves the pull request.',
  },
  'release-unknown': {
    symptom: 'destination',
    example: '',
    cause: 'No kept release has that number or deployment tag.',
    remedy: 'List them with `mode: releases`.',
  },
  'confirmation-missing': {
    symptom: 'destination',
    example: '',
    cause: 'Removing a formation has to be confirmed by its full name.',
    remedy: 'Set `confirm` to what the message names.',
  },
};
