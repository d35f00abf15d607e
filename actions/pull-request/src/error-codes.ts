import type { ErrorEntry } from '@slipway/core';

export type PullRequestErrorCode =
  | 'merge-unknown'
  | 'pulls-alike'
  | 'program-refused'
  | 'review-failed'
  | 'event-unfit'
  | 'application-name-taken'
  | 'status-shared'
  | 'registry-slow'
  | 'applications-alike';

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
      'Two of the applications have the same name, which is also that of their commit status: the later one would replace the result of the earlier. GitHub ignores the case of the name. An application whose name cannot be read goes by that of its folder.',
    remedy: 'Give each application its own `metadata.name`, or review only one of them.',
  },
  'application-name-taken': {
    symptom: 'input',
    example:
      '"b/slipway.yaml" has the name "shop", which "a/slipway.yaml" has in the base commit, so that its result would hide that of the other',
    cause:
      'The pull request renames an application and gives its name to another one. Rules of the branch may require the status of that name, which would then be about something else.',
    remedy: 'Rename the application in one pull request, and use its name again in a later one.',
  },
  'status-shared': {
    symptom: 'input',
    example:
      'another check has set the status "slipway/manifests" of this commit too, so that one result would hide the other',
    cause:
      'Two steps, legs of a matrix or workflows check different things, or by different rules, and report under one name. The status is a failure, as neither of the two results may count for both.',
    remedy:
      'Give each of them its own input `name`, or check everything in one step. If only one is left, push another commit: a commit keeps what it has been told.',
  },
  'event-unfit': {
    symptom: 'input',
    example: 'the event "push" is not about a pull request, so there is no base commit to compare with',
    cause:
      'The action compares a pull request or a merge group with its base commit. On `pull_request_target` a job has the rights of the base branch, and must not work with what a stranger wrote.',
    remedy: 'Run the step on `pull_request`, `pull_request_review` and `merge_group`, as its README shows.',
  },
  'merge-unknown': {
    symptom: 'github',
    example: 'GitHub\'s merge of pull request 7 cannot be fetched, or is not of the commit "a1b2c3d"',
    cause:
      'The second workflow (`workflow_run`) checks the merge of a pull request with its base. GitHub makes none where there are conflicts, and the branch may have moved on meanwhile.',
    remedy:
      'Resolve the conflicts; the next push is checked. In a private repository actions/checkout has to persist its credentials.',
  },
  'program-refused': {
    symptom: 'github',
    example: '"helm" is not run on files of a fork\'s pull request by a job whose token may write',
    cause:
      'A formation takes manifests from a chart or a Kustomize directory, and the second workflow (`workflow_run`) starts no program on what a stranger wrote.',
    remedy: 'Push the branch to the repository itself, where its own run renders it.',
  },
  'pulls-alike': {
    symptom: 'github',
    example: 'the pull requests 7 and 9 have one head commit, and so one status for different results',
    cause:
      'One branch is to be merged into several others. A status belongs to a commit, so that the second workflow (`workflow_run`) would overwrite the result of one pull request with that of another.',
    remedy: 'Close all but one of them, or make another commit for each.',
  },
  'registry-slow': {
    symptom: 'registry-access',
    example: 'the registry "ghcr.io/acme/shop" has not answered everything within 90 s',
    cause:
      'With `registry`, pull-request reads what last passed in each environment. A registry that answers slowly or not at all would keep its status pending. The step does not fail; the comment says what is not known.',
    remedy: 'Run the check again once the registry answers.',
  },
};
