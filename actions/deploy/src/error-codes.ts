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

export const deployErrors: Readonly<Record<DeployErrorCode, string>> = {
  'destination-unclear':
    'The rendered tree holds several destinations, or not the one that is named: give `formation` and `destination`.',
  'digest-differs':
    'The manifests are not those that the digest was given for: render again, and take digest and manifests from the same run.',
  'tree-foreign':
    'The rendered tree is of another application, formation or namespace than the files of this checkout, or has lost its rendered.json: check out the commit that was rendered, and give the whole folder.',
  'seal-misplaced':
    "rendered.json asks for a secret outside of a Secret of the destination's namespace: render again.",
  'not-promoted':
    'The formation takes only snapshots that succeeded in another formation, and this one did not: release it there first.',
  'registry-differs':
    'The snapshot is of another registry than `spec.registry` of slipway.yaml: build again, or set the `registry` input as build-retag has it.',
  'sign-off-missing':
    'A change wants to be signed off and nobody entitled approved it: one of those whom the message names approves the pull request.',
  'release-unknown': 'No kept release has that number or deployment tag: list them with `mode: releases`.',
  'confirmation-missing':
    'Removing a formation has to be confirmed by its full name: set `confirm` to what the message names.',
};
