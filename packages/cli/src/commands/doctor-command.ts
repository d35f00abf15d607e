import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, PLACE_FLAGS } from '../rendering/target-flags.ts';

export const DOCTOR: Command = {
  name: 'doctor',
  summary: 'says what a release still needs here, in the cluster and on GitHub, and the command for it',
  operands: { name: '<formation>', least: 0, most: 256 },
  flags: {
    ...PLACE_FLAGS,
    context: {
      value: '<[destination=]context>',
      isList: true,
      help: "of this machine's kubeconfig; by default the one that the formation names, else the current one",
    },
    repo: { value: '<[host/]owner/name>', help: 'on GitHub; by default the remote "origin"' },
    'try-network': {
      value: '<image>',
      help: 'tries with two pods of this image whether the network of each cluster enforces NetworkPolicies, such as docker.io/library/busybox:1.37',
    },
    yes: { help: 'confirms the clusters that --try-network writes to' },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway doctor staging',
    does: 'Looks at what the formation staging needs, and writes nothing.',
  },
  failsWhen:
    'something is missing, or --try-network has no good answer; what else cannot be seen is not known, and counts as neither',
  load: async () => (await import('../doctor/doctor.ts')).doctorCommand,
};
