import type { ErrorSymptom } from '@slipway/core';

/** A heading of docs/errors.md for each action, and below it one for each symptom that people see there. */
export const symptomsOf: readonly {
  readonly action: string;
  readonly about: string;
  readonly symptoms: Partial<Readonly<Record<ErrorSymptom, string>>>;
}[] = [
  {
    action: 'Any action',
    about: 'Problems with the inputs, the runner, the checkout and the files that every action reads.',
    symptoms: {
      input: 'An input is missing or has a value that cannot be used',
      runner: 'The job or the runner lacks something',
      github: "GitHub's API refuses or does not answer",
      yaml: 'A file cannot be read as YAML',
      format: 'A file has a field that does not belong there',
      file: 'A file is missing, too large or outside the repository',
      commit: 'A commit cannot be read from the checkout',
    },
  },
  {
    action: 'build-retag',
    about:
      'Problems with what is built and pushed. Those of the registry also occur in render-stencil, deploy and verify-rollout, which read snapshots and verdicts from it.',
    symptoms: {
      services: 'It is not clear what to build',
      builder: 'There is no builder, or it cannot do what is asked for',
      'image-build': 'An image does not build, or is for the wrong platform',
      'build-secret': 'A build secret is missing or would leak',
      'registry-access': 'The registry cannot be reached or refuses the login',
      'registry-content': 'An image, a tag or a signature in the registry is not as expected',
      parts: 'The parts of a build cannot be joined',
      promotion: 'A snapshot cannot be promoted',
    },
  },
  {
    action: 'render-stencil',
    about:
      'Problems with what is in the repository. policy-check and deploy report them too, as they read the same files.',
    symptoms: {
      formation: 'A formation, a destination or a shared folder is not as declared',
      steps: 'The steps in which a release reaches its users cannot be taken as written',
      config: 'An address of the config matches nothing, or too much',
      placeholder: 'A placeholder cannot be filled in',
      manifest: 'A manifest or a patch is not valid',
      source: 'A chart or Kustomize directory does not render',
      snapshot: 'The snapshot is missing, or is not the one that is expected',
      output: 'The rendered tree cannot be written, or a line of it cannot be explained',
    },
  },
  {
    action: 'policy-check',
    about:
      'Problems of the check itself. What it finds in manifests has rule ids, which [rules](rules/README.md) explains.',
    symptoms: {
      check: 'The check fails, or has nothing to check',
      base: 'The base of the pull request cannot be used',
    },
  },
  {
    action: 'deploy',
    about:
      'Problems before, during and after the release. Those of the cluster also occur in verify-rollout, and in policy-check with `baseline: cluster`.',
    symptoms: {
      'cluster-access': 'The cluster cannot be reached',
      'cluster-request': 'The cluster refuses a request',
      destination: 'It is not clear what to deploy or to remove, or its namespace is missing',
      tree: 'These manifests must not be deployed',
      object: 'An object is refused before anything is written',
      secret: 'A secret is missing or may not be read',
      sops: 'A SOPS file cannot be decrypted',
      vault: 'Vault or OpenBao refuses, or does not answer',
      cloud: 'A cloud refuses to open a secret, or does not answer',
      lock: 'Another run is in the way',
      record: "A release's record is missing or cannot be trusted",
      stage: 'The release stops half-way',
    },
  },
  {
    action: 'verify-rollout',
    about: 'Problems of the verification, and the verdicts that make it fail.',
    symptoms: {
      verified: 'It is not clear what to verify',
      'helm-release': 'A Helm release cannot be verified',
      checks: 'A check, a status rule or an annotation is not valid',
      outcome: 'The release did not succeed',
    },
  },
  {
    action: 'The program slipway',
    about:
      'Problems of [the command line](cli.md), and of `slipway workflows`, which [writes the workflows of a repository](workflows.md). What the actions report, the program reports by the same codes.',
    symptoms: {
      program: 'The command line cannot be run',
      setup: 'A formation cannot be set up',
      workflow: 'A workflow cannot be written',
    },
  },
];
