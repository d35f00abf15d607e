import type { ErrorEntry } from '@slipway/core';

export type PullRequestErrorCode = 'review-failed' | 'event-unfit' | 'applications-alike';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const pullRequestErrors: Readonly<Record<PullRequestErrorCode, ErrorEntry>> = {
  'review-failed': {
    symptom: 'check',
    example: 'the review failed for shop, production/eu (2 errors, 1 warning)',
    cause: 'The check found errors, or warnings where `fail-on: warning` is set.',
    remedy:
      'Fix what the annotations, the comment and the summary show. The [rule pages](rules/README.md) explain each rule.',
  },
  'applications-alike': {
    symptom: 'input',
    example:
      'the applications a/slipway.yaml, b/slipway.yaml have one status, "slipway/shop", so that one result would hide the other',
    cause:
      'Two of the applications have one name, which is also that of their commit status: the later one would replace the result of the earlier. GitHub ignores the case of the name. An application whose name cannot be read goes by that of its folder.',
    remedy: 'Give each application its own `metadata.name`, or review one of them only.',
  },
  'event-unfit': {
    symptom: 'input',
    example: 'the event "push" is not about a pull request, so there is no base commit to compare with',
    cause:
      'The action compares a pull request or a merge group with its base commit. On `pull_request_target` a job has the rights of the base branch, and must not work with what a stranger wrote.',
    remedy: 'Run the step on `pull_request`, `pull_request_review` and `merge_group`, as its README shows.',
  },
};
