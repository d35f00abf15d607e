import type { ErrorEntry } from '@slipway/core';

export type WorkflowErrorCode =
  | 'workflow-environment-ambiguous'
  | 'workflow-environment-invalid'
  | 'workflow-environment-missing'
  | 'workflow-formation-missing'
  | 'workflow-marks-broken'
  | 'workflow-name-invalid'
  | 'workflow-promotion-circular'
  | 'workflow-promotion-unknown'
  | 'workflow-setting-invalid'
  | 'workflow-signing-missing'
  | 'workflow-spawn-destinations'
  | 'workflow-too-large'
  | 'workflow-variable-ambiguous'
  | 'workflow-variable-reserved';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const workflowErrors: Readonly<Record<WorkflowErrorCode, ErrorEntry>> = {
  'workflow-environment-ambiguous': {
    symptom: 'workflow',
    example:
      'the environments "production" and "Production" are one environment for GitHub, which ignores case',
    cause: 'Two destinations name environments that differ in nothing but their case.',
    remedy: 'Write the name in one way if it is one environment, else give one of them another name.',
  },
  'workflow-environment-invalid': {
    symptom: 'workflow',
    example: `the environment "it's live" of "production/eu" cannot be written into a workflow`,
    cause:
      'The name of an environment becomes part of an expression, so only characters are taken that cannot end one.',
    remedy: 'Rename the environment on GitHub and in the formation.',
  },
  'workflow-environment-missing': {
    symptom: 'workflow',
    example: 'the destination "production/us" names no environment, and others do',
    cause:
      'With `--exact-deployments` each job names its environment with `deployment: false`. Destinations with and without one share a job, and GitHub does not say what an environment without a name is.',
    remedy: 'Give each destination an `environment`, or leave out `--exact-deployments`.',
  },
  'workflow-formation-missing': {
    symptom: 'workflow',
    example: 'the application "shop" has no formation with destinations, so there is nothing to release to',
    cause: 'There is no formation, or all of them only serve to be extended.',
    remedy: 'Add a formation with `destinations`.',
  },
  'workflow-marks-broken': {
    symptom: 'workflow',
    example: 'the login of "release" has no end, so what to keep of the file is not known',
    cause: 'A mark around the steps of a login was removed, or is there twice.',
    remedy: 'Restore the marks. Nothing was written.',
  },
  'workflow-name-invalid': {
    symptom: 'workflow',
    example: 'the path "${{ github.token }}/slipway.yaml" cannot be written into a workflow',
    cause: 'GitHub would evaluate the name, or YAML would read something else.',
    remedy: 'Rename the file, the formation or the destination.',
  },
  'workflow-promotion-circular': {
    symptom: 'workflow',
    example:
      'no push ever reaches the formation "production": following promoted-from, it is promoted from itself',
    cause: 'Formations are promoted from each other in a circle, so none of them is ever the first.',
    remedy: 'Let one of them be released by a push: remove its `promoted-from`.',
  },
  'workflow-promotion-unknown': {
    symptom: 'workflow',
    example: 'the formation "production" is promoted from "stagin", which does not exist',
    cause: '`promoted-from` names a formation that has no file, or has no destinations.',
    remedy: 'Name a formation that is deployed.',
  },
  'workflow-setting-invalid': {
    symptom: 'workflow',
    example: 'the setting "branch" is "main; true"',
    cause: 'The setting becomes part of a workflow, and has a character with a meaning there.',
    remedy: 'Give the name of a branch, of a label of runners, or of a tag or commit.',
  },
  'workflow-signing-missing': {
    symptom: 'workflow',
    example:
      'the formation "preview" is spawned, and "production" is promoted by verdicts that are not signed',
    cause:
      'Jobs of pull requests hold a right to push, and could write that something passed. Steps that release refuse that as `promotion-unsigned`.',
    remedy:
      'Write the workflows with `--record-key`; those of instances do not get the secret. [Spawned environments](spawned.md) explains it.',
  },
  'workflow-spawn-destinations': {
    symptom: 'workflow',
    example:
      'the formation "preview" is spawned at 2 destinations (eu, us), and workflows are written for one',
    cause: 'Each instance has one comment, one address and one job.',
    remedy: 'Keep one destination in the file of the formation, or write the workflow of the other by hand.',
  },
  'workflow-too-large': {
    symptom: 'workflow',
    example:
      'the formation "edge" has 300 destinations, and the matrices of a workflow on GitHub have at most 256 jobs',
    cause:
      'A workflow has a job for each destination, and an expression with the names of all of them. GitHub limits the number of jobs, and the length of an expression.',
    remedy: 'Split the formation, or the application: two formations may extend the same one.',
  },
  'workflow-variable-ambiguous': {
    symptom: 'workflow',
    example: 'the variables "DB_PASSWORD" and "db_password" are one secret for GitHub, which ignores case',
    cause: 'The config takes secrets from variables whose names differ in nothing but their case.',
    remedy: 'Write the name in one way if it is one secret, else give one of them another name.',
  },
  'workflow-variable-reserved': {
    symptom: 'workflow',
    example: 'a secret is taken from the variable "PATH", which a workflow must not set',
    cause:
      'The config takes a secret from a variable that the runner, Node.js or the shell uses, that a login sets for later steps, such as KUBECONFIG, or that cannot be the name of a secret on GitHub.',
    remedy: 'Choose another name in the config, and create the secret under that name.',
  },
};
