import type { ErrorEntry } from '@slipway/core';

export type CliErrorCode =
  | 'answer-unwritable'
  | 'branches-unprotected'
  | 'cluster-other'
  | 'cluster-silent'
  | 'cluster-unverified'
  | 'command-failed'
  | 'command-not-found'
  | 'context-ambiguous'
  | 'context-unknown'
  | 'fixes-differ'
  | 'init-exists'
  | 'init-failed'
  | 'interrupted'
  | 'kubeconfig-insufficient'
  | 'line-unused'
  | 'output-in-use'
  | 'plan-without-environments'
  | 'repository-folder-missing'
  | 'repository-rights'
  | 'repository-unknown'
  | 'reviewer-unknown'
  | 'revision-unknown'
  | 'secret-shared'
  | 'setup-unconfirmed'
  | 'temporary-folder-unusable'
  | 'token-not-granted'
  | 'usage'
  | 'workflow-unwritable';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const cliErrors: Readonly<Record<CliErrorCode, ErrorEntry>> = {
  'branches-unprotected': {
    symptom: 'setup',
    example:
      'the environment "staging" of "acme/hello" admits protected branches, and no branch is protected, so that every branch would get its secrets',
    cause:
      'Where no branch protection rule exists, GitHub lets every branch deploy to such an environment. The kubeconfig was not stored.',
    remedy:
      'Protect the branch that is released with a branch protection rule, or let the environment admit it by its name.',
  },
  'cluster-other': {
    symptom: 'setup',
    example:
      'the context "prod" is the cluster "https://10.0.0.1:6443", and the formation says that "production/eu" is "https://eu.k8s.acme.io"',
    cause:
      'The formation states which cluster a destination is (`cluster.server`), and the context of this machine reaches another one. Nothing was written.',
    remedy: 'Name the context of that cluster with `--context`, or correct the formation.',
  },
  'workflow-unwritable': {
    symptom: 'program',
    example: '".github/workflows/release.yml" cannot be written (EACCES)',
    cause:
      '`slipway workflows` may not write into the folder, or the disk is full. Each file is written as a whole; those before it are written.',
    remedy: 'Correct the permissions or the disk, and run it again: it writes what is still out of date.',
  },
  'repository-folder-missing': {
    symptom: 'program',
    example: 'the folder "../shop" that --repository names does not exist',
    cause: '`slipway workflows` was told to write into a folder that is not there, or that is a file.',
    remedy: 'Correct the path; a relative one counts from the folder in which the program was called.',
  },
  'cluster-silent': {
    symptom: 'setup',
    example:
      'the cluster "https://10.0.0.1:6443" of the context "staging" cannot be reached: no answer within 10s',
    cause:
      'Before it writes anything, the program asks each cluster for its version once. It got no answer in ten seconds, or kubectl says why there is none.',
    remedy:
      'Try `kubectl --context <context> get --raw /version`. Check the address of the cluster, the network or VPN that leads there, and the login of a credential plugin.',
  },
  'cluster-unverified': {
    symptom: 'setup',
    example: 'the context "dev" sets insecure-skip-tls-verify, so a token would be sent to whoever answers',
    cause:
      'The kubeconfig of this machine accepts any certificate of that cluster, and the kubeconfig of the job would be a copy of it.',
    remedy: 'Set `certificate-authority-data` of the cluster in the kubeconfig of this machine.',
  },
  'command-failed': {
    symptom: 'setup',
    example: 'creating Namespace hello did not succeed: exit code 1',
    cause: 'The program kubectl or gh refused what the program asked of it. The message has its own words.',
    remedy:
      'Correct what it says, and run the same command again: what is done stays. Without `--apply` the commands are printed, for someone who may run them.',
  },
  'command-not-found': {
    symptom: 'runner',
    example: '"helm" cannot be run',
    cause: 'A program that the command needs is not in the PATH of this machine.',
    remedy: 'Install it, and run the command again.',
  },
  'fixes-differ': {
    symptom: 'program',
    example: 'with the fixes, ConfigMap "script" would not be what it is now',
    cause:
      '`slipway init --apply-fixes` renders the manifests before and after its edits, and they differ in more than their images.',
    remedy: 'Call it without `--apply-fixes`, which changes no manifest, or edit the named object by hand.',
  },
  'init-exists': {
    symptom: 'program',
    example: '"slipway.yaml" exists already',
    cause: '`slipway init` never writes over a file that exists, and wrote nothing.',
    remedy:
      'If the application is there already, `slipway workflows` writes its workflows; rename a file that is something else.',
  },
  'init-failed': {
    symptom: 'program',
    example: '"formations/staging.yaml" cannot be written (ENOSPC)',
    cause: 'The folder cannot be written to, or the disk is full. What had been written was removed again.',
    remedy: 'Correct the cause, and run the command again.',
  },
  'setup-unconfirmed': {
    symptom: 'setup',
    example: 'this writes to "https://10.0.0.1:6443" (context "staging") and "github.com/acme/hello"',
    cause:
      '`--apply` and `--renew` write to a cluster and to a repository, and have to be told that these are the right ones.',
    remedy: 'Read which they are, and add `--yes`; or name others with `--context` and `--repo`.',
  },
  'context-ambiguous': {
    symptom: 'setup',
    example:
      'production/eu, production/us have one context in the job\'s kubeconfig, and here they are "eu" and "us"',
    cause:
      'Several destinations get their kubeconfig from one secret, in which a context is one cluster, and `--context` names several clusters for it.',
    remedy: 'Give each destination a `context` of its own in the formation.',
  },
  'context-unknown': {
    symptom: 'setup',
    example: 'the kubeconfig of this machine has no context "stagin" for "staging/main"',
    cause: 'The kubeconfig that kubectl uses here has no context of that name, or no current one.',
    remedy: '`kubectl config get-contexts` lists what it has; name one with `--context`.',
  },
  interrupted: {
    symptom: 'program',
    example: 'the program was interrupted ("SIGINT")',
    cause: 'Ctrl+C was pressed, or another program ended this one.',
    remedy: 'Run it again.',
  },
  'kubeconfig-insufficient': {
    symptom: 'setup',
    example: 'the new kubeconfig may not create deployments in namespace "hello", so it was not stored',
    cause:
      'The Role and its binding are there, and the API server still denies the account a right of them. Something else decides, or resets them.',
    remedy:
      'Look at the authorizers of the cluster, and at what else manages the RoleBinding `slipway-deployer`.',
  },
  'line-unused': {
    symptom: 'program',
    example: 'nothing that is rendered comes from "config/shop.yaml:12"',
    cause:
      'The line has a comment or is empty, its value is hidden by that of a nearer address, or its file is for another formation than those that are rendered.',
    remedy: 'Name a line with a key, an item or a value.',
  },
  'output-in-use': {
    symptom: 'program',
    example:
      'the output folder "/home/ada/shop/stencils" is read by the next rendering, as part of "/home/ada/shop/stencils", so nothing is written there',
    cause:
      'The folder of `--output` has files that are not a rendered tree, or it is one that Slipway reads: the result would be mixed with sources.',
    remedy: 'Choose a new folder, an empty one, or one that has a rendered tree only.',
  },
  'answer-unwritable': {
    symptom: 'program',
    example: 'standard output cannot be written (ENOSPC), so that the answer is lost or cut short',
    cause:
      'What the program prints goes to a file on a full disk, or to something else that does not take it. What the command does beside its answer is done: files that `init` wrote are there, and so is what `setup --apply` did. Where the reader of a pipe has read enough, as with `| head`, there is no message, and the exit code is 2, too.',
    remedy: 'Free the disk, or send the answer elsewhere, and run the command again.',
  },
  'plan-without-environments': {
    symptom: 'setup',
    example:
      'the plan of "acme/hello" does not let the environment "staging" restrict which branches deploy, so that every branch would get its secrets',
    cause:
      'In a private repository on the Free plan an environment has no rules and no secrets. The kubeconfig was not stored.',
    remedy:
      'Do without, such as by a login with the identity token, as [Approvals](approvals.md#without-environments-free) says; or make the repository public.',
  },
  'repository-rights': {
    symptom: 'setup',
    example:
      'the account that gh is logged in with does not administer "acme/hello", which environments and secrets need',
    cause:
      'GitHub lets only administrators of a repository create environments. Nothing was written anywhere.',
    remedy:
      'Run it as someone who administers the repository, or give them the commands that are printed without `--apply`.',
  },
  'repository-unknown': {
    symptom: 'setup',
    example: 'the checkout has no remote "origin" that is a repository on GitHub',
    cause: 'There is no checkout, it has no remote `origin`, or that is not on GitHub.',
    remedy:
      'Name the repository with `--repo acme/hello`, on an Enterprise Server with its host before that.',
  },
  'reviewer-unknown': {
    symptom: 'setup',
    example: 'GitHub does not show the reviewer "@acme/operators": gh: Not Found (HTTP 404)',
    cause: 'The user or team does not exist, or the account of gh may not see the team.',
    remedy: 'Correct `--reviewers`; for teams the login needs the scope `read:org`.',
  },
  'revision-unknown': {
    symptom: 'program',
    example: '"origin/main" is not a commit, branch or tag of this checkout',
    cause:
      'The working tree is to be compared with a commit that this clone does not have under that name, or there is no clone.',
    remedy: 'Name a commit, branch or tag that it has, or run `git fetch` first.',
  },
  'temporary-folder-unusable': {
    symptom: 'program',
    example: 'temporary files cannot be written to "/nowhere" (ENOENT)',
    cause:
      'The folder that TMPDIR names, or the one of this machine, does not exist or cannot be written to.',
    remedy: 'Set TMPDIR to a folder that exists and that you may write to.',
  },
  'secret-shared': {
    symptom: 'setup',
    example:
      'staging/main and test/main have one secret KUBECONFIG, that of the environment "staging", and setting it up for some would take it from the others',
    cause:
      'Destinations of other formations name the same environment, or none either, and so get the same secret. GitHub shows no one what a secret contains, so it can only be written as a whole.',
    remedy:
      'Name all of these formations in one command, or give each destination an environment of its own.',
  },
  'token-not-granted': {
    symptom: 'setup',
    example: 'the cluster of the context "dev" gave "hello/slipway-deployer" no token that expires',
    cause:
      'The API server is older than the request for such tokens, or something between answers it in another form.',
    remedy: 'Use a cluster of Kubernetes 1.24 or newer, or `--identity` for the login of its cloud.',
  },
  usage: {
    symptom: 'program',
    example: 'slipway has no command "workflow"',
    cause:
      'The command line has a command, a flag or an argument that the program does not know, or a flag lacks its value.',
    remedy:
      '`slipway --help` lists the commands, and `slipway <command> --help` what each one takes, with an example.',
  },
};
