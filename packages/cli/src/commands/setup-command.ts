import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, PLACE_FLAGS } from '../rendering/target-flags.ts';

export const SETUP: Command = {
  name: 'setup',
  summary: 'prints what formations need in their clusters and on GitHub, as commands; --apply runs them',
  operands: { name: '<formation>', least: 1, most: 256 },
  flags: {
    ...PLACE_FLAGS,
    apply: {
      help: 'runs the commands, as kubectl and gh are logged in here, and leaves what is as it should be',
    },
    renew: { help: 'writes new kubeconfigs with new tokens, and nothing else' },
    yes: { help: 'confirms the cluster and the repository that --apply and --renew write to' },
    context: {
      value: '<[destination=]context>',
      isList: true,
      help: "of this machine's kubeconfig; by default the one that the formation names, else the current one",
    },
    repo: { value: '<[host/]owner/name>', help: 'on GitHub; by default the remote "origin"' },
    branch: {
      value: '<name>',
      help: 'the branch that may deploy to the environment; by default the one that the workflows release, else main',
    },
    reviewers: {
      value: '<@user|@organisation/team>',
      isList: true,
      help: 'who approves deployments to the environment, where the plan has that',
    },
    for: {
      value: '<deploy|status|plan>',
      help: 'what the kubeconfig is for: releases, by default, or what only reads, on a schedule or on pull requests',
    },
    duration: { value: '<time>', help: 'how long a token is asked for; by default 720h' },
    identity: {
      value: '<token|eks|gke|aks>',
      help: "how jobs log in: a token that expires, by default, or a cloud's login without a stored secret",
    },
    subject: { value: '<name>', help: 'whom the login of that cloud is in the cluster' },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway setup staging --apply --yes',
    does: 'Creates namespace, account, Role, environment and secret of the formation staging.',
  },
  failsWhen: 'a step failed; what is done stays, and the same command goes on from there',
  load: async () => (await import('../setup/setup.ts')).setupCommand,
};
