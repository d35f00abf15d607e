import type { ErrorEntry } from '@slipway/core';

export type GithubErrorCode =
  | 'bundle-incomplete'
  | 'input-missing'
  | 'input-invalid'
  | 'command-not-found'
  | 'cancelled'
  | 'event-unreadable'
  | 'github-forbidden'
  | 'github-not-found'
  | 'github-rate-limited'
  | 'github-refused'
  | 'github-unavailable'
  | 'id-token-unavailable'
  | 'node-too-old'
  | 'output-dropped'
  | 'nothing-left'
  | 'spawn-event'
  | 'spawn-fork'
  | 'unexpected';

export const githubErrors: Readonly<Record<GithubErrorCode, ErrorEntry>> = {
  'bundle-incomplete': {
    symptom: 'runner',
    example: 'the bundle is incomplete: dist/library/policy.mjs is missing',
    cause:
      "A file of the action's own bundle is missing, empty, cut short or of another version, as after a download or a copy that was interrupted.",
    remedy:
      "Delete the runner's copy of the action (`_work/_actions` on a self-hosted runner) and run the job again.",
  },
  'input-missing': {
    symptom: 'input',
    example: 'input "manifests" is missing',
    cause:
      'An input that the action cannot do without is missing or empty. An expression of a misspelt output or secret is empty, too.',
    remedy: 'Add the input to the step under `with:`.',
  },
  'input-invalid': {
    symptom: 'input',
    example: 'input "build-secrets" has no "=" in line 2',
    cause: 'An input has a value that the action cannot use, or it contradicts another input.',
    remedy: 'Use a value that the message or the README of the action names.',
  },
  'node-too-old': {
    symptom: 'runner',
    example: 'Slipway needs Node 24 or newer, and this is 20.20.2',
    cause:
      'The program, or the file of an action, was started by hand with an older Node. Runners start actions with the Node that they bring.',
    remedy: 'Install Node 24 or newer, and start it with that one.',
  },
  'nothing-left': {
    symptom: 'input',
    example: 'eu: the step before has left no release here, so that there is nothing to look at',
    cause:
      'One step works on several destinations, and the output of the step before has nothing of this one, since it failed there before a release began.',
    remedy: 'See what the step before says of this destination.',
  },
  'output-dropped': {
    symptom: 'input',
    example:
      'input "digest" is empty, since GitHub dropped an output of an earlier job, in which it found the value of a secret',
    cause:
      'GitHub leaves out an output of a job that contains the value of a secret of the repository ("Skip output \'digest\' since it may contain secret"). A secret of one or two characters is part of almost anything.',
    remedy:
      'Give that secret a longer value, or rename what contains it, such as a destination. Nothing was deployed.',
  },
  'spawn-event': {
    symptom: 'input',
    example:
      'no instance is made on the event "pull_request_target", which does not say whose code is checked out, or has rights that this code must not have',
    cause:
      'With the input `spawn`, code that no one has reviewed is built and deployed. On some events it would run with the rights of the default branch.',
    remedy:
      'Use `pull_request`, or start the workflow by hand. [Spawned environments](spawned.md) has the workflow.',
  },
  'spawn-fork': {
    symptom: 'input',
    example: 'the pull request is from a fork, and no instance is made for one',
    cause:
      'The head of the pull request is not in this repository, or the event does not say where it is. A label or an approval does not change that.',
    remedy:
      'Let someone with write access read the change and push it to a branch of this repository. The workflow that `slipway workflows` writes leaves forks out.',
  },
  'command-not-found': {
    symptom: 'runner',
    example: '"helm" cannot be run',
    cause: 'A program that the action needs is not in the PATH of the runner.',
    remedy: 'Install it in an earlier step.',
  },
  cancelled: {
    symptom: 'runner',
    example: 'the run was cancelled (SIGINT)',
    cause:
      'Someone cancelled the run, or a newer run of the same `concurrency` group did, or the job ran into its `timeout-minutes`.',
    remedy:
      'Run the job again. What it had begun is in the summary; a lock that it held is released or expires.',
  },
  'event-unreadable': {
    symptom: 'runner',
    example: "the file of the event's payload cannot be read",
    cause: 'The file in GITHUB_EVENT_PATH is missing or is not JSON, as outside of a workflow.',
    remedy: 'Run the action from a workflow.',
  },
  'id-token-unavailable': {
    symptom: 'runner',
    example: 'the job may not request an identity token from GitHub',
    cause: 'Logging in to Vault takes an identity token, and GitHub does not give one to this job.',
    remedy: 'Add `id-token: write` to `permissions:` of the job. Pull requests from forks never get one.',
  },
  'github-forbidden': {
    symptom: 'github',
    example:
      'GitHub does not allow this request with this token (GET /repos/acme/shop/pulls/7/reviews: Resource not accessible by integration)',
    cause: 'The token lacks a permission for a request to GitHub.',
    remedy: 'Give the job the permission that the README of the action names.',
  },
  'github-not-found': {
    symptom: 'github',
    example:
      'GitHub does not have the requested object, or does not show it to this token (GET /repos/acme/shop/commits/a1b2c3d: Not Found)',
    cause: 'GitHub does not have the commit, pull request or team, or hides it from this token.',
    remedy:
      'Check that it exists, and that the token may see it. To see the members of a team, the token must be able to read the organisation.',
  },
  'github-rate-limited': {
    symptom: 'github',
    example: 'the token has reached a limit on requests at GitHub (GET /repos/acme/shop/pulls/7)',
    cause:
      'The token has used up its requests for this hour, or requests followed each other more quickly than GitHub allows.',
    remedy: 'Run the job again later, or give the step a token of its own.',
  },
  'github-refused': {
    symptom: 'github',
    example:
      'GitHub refuses what this request would write (POST /repos/acme/shop/statuses/a1b2c3d: Validation Failed)',
    cause: 'GitHub does not accept a value that was to be written, or has as many of them as it keeps.',
    remedy:
      'Change what the message names. A commit that has a thousand statuses of one name takes no more: push another commit.',
  },
  'github-unavailable': {
    symptom: 'github',
    example: "GitHub's API failed (GET /repos/acme/shop/pulls/7: status 503)",
    cause: "GitHub's API does not answer, or answers with an error of its own.",
    remedy: 'Run the job again, and look at https://www.githubstatus.com.',
  },
  unexpected: {
    symptom: 'runner',
    example: "unexpected failure: Cannot read properties of undefined (reading 'spec')",
    cause: 'Something failed that Slipway has no message for. This is a defect of Slipway.',
    remedy:
      'Run the job again with [debug logging](https://docs.github.com/en/actions/how-tos/monitor-workflows/enable-debug-logging), and report it with that log.',
  },
};
