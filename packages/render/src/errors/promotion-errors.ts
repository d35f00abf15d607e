import type { ErrorEntry } from '@slipway/core';

/** What keeps the stencils and config of a commit that passed from being rendered for another formation. */
export type PromotionErrorCode =
  | 'config-unknown'
  | 'config-disagrees'
  | 'config-special'
  | 'config-foreign'
  | 'config-incomplete'
  | 'history-unknown'
  | 'secret-differs'
  | 'shared-differs';

export const promotionErrors: Readonly<Record<PromotionErrorCode, ErrorEntry>> = {
  'config-unknown': {
    symptom: 'promotion',
    example:
      'the verdict on "v1" at staging/eu does not say with which commit of stencils and config it passed',
    cause:
      'A formation with `promoted-from` gets the stencils and config of the commit with which its snapshot passed. The snapshot or a verdict on it names no commit: it was built or deployed outside of a Git checkout, or from one where a step had changed files that are rendered, or verified by an earlier version of Slipway.',
    remedy:
      'Deploy and verify it there again from a Git checkout without such changes, or promote with `config: head` and a reason.',
  },
  'config-disagrees': {
    symptom: 'promotion',
    example:
      '"v1" passed with different stencils and config at the destinations of "staging": eu (a1b2c3d4e5f6), us (b2c3d4e5f6a1)',
    cause:
      'The destinations of the formation in `promoted-from` succeeded with the same images but from different commits, so that there is not one combination that ran at all of them.',
    remedy: 'Deploy the snapshot to all of them from one commit, and verify it there.',
  },
  'config-special': {
    symptom: 'promotion',
    example:
      '"v1" passed at staging/eu with values of that run (input "set": api.replicas), which no commit has',
    cause:
      'The snapshot passed with the input `set`, or with `config: head`: what ran there is not simply what its commit says.',
    remedy:
      'Deploy and verify it there without them, or say that the commit is meant all the same: `config: passed` with a reason.',
  },
  'config-foreign': {
    symptom: 'promotion',
    example:
      'the commit a1b2c3d4e5f6, with which "v1" passed in "staging", is not in the history of b2c3d4e5f6a1, which is checked out',
    cause:
      'A verdict names a commit of a fork, of a branch that was not merged, or one that was rewritten. GitHub serves such commits by their id, so that only the history of the branch says what was reviewed.',
    remedy: 'Merge it, deploy and verify the result, or run the promotion on the branch that has the commit.',
  },
  'config-incomplete': {
    symptom: 'promotion',
    example: 'the commit a1b2c3d4e5f6, with which "v1" passed in "staging", has no formation "production"',
    cause:
      'What is promoted has the stencils and config of the commit with which it passed, and that commit does not have the application or the formation yet.',
    remedy:
      'Release the commit that adds it to the formation that it is promoted from, verify it there, and promote that; or promote with `config: head` and a reason.',
  },
  'history-unknown': {
    symptom: 'promotion',
    example:
      'this checkout cannot tell whether the commit a1b2c3d4e5f6, with which "v1" passed in "staging", is in its history',
    cause:
      'The checkout is shallow, as actions/checkout makes it by default, and the rest of the history can neither be fetched nor asked of GitHub.',
    remedy:
      'Check out with `fetch-depth: 0`, let actions/checkout keep its credentials (`persist-credentials`), or give the input `token` with `contents: read`.',
  },
  'secret-differs': {
    symptom: 'promotion',
    example:
      'the secret "database.password" (*.*.database.password) has "as: url" here, and "as: json" at the commit a1b2c3d4e5f6',
    cause:
      'Where a secret is kept is decided by the checkout, how it is written into a manifest by the commit that passed, and the two disagree about that.',
    remedy:
      'Release the change to the formation that this one is promoted from, and verify it there, or promote with `config: head` and a reason.',
  },
  'shared-differs': {
    symptom: 'promotion',
    example:
      'the second checkout with "platform" is at a1b2c3d4e5f6, but "v1" passed in "staging" with b2c3d4e5f6a1',
    cause:
      'A folder of `spec.paths`, a chart or a Kustomize directory is in a checkout of its own, and the workflow checks out another commit of it than the one that passed.',
    remedy:
      'Check out the commit that passed, release the newer one to the formation that this one is promoted from, or promote with `config: head` and a reason.',
  },
};
