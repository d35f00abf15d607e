import { CLUSTER_FLAGS } from '../cluster/cluster-flags.ts';
import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, PLACE_FLAGS, TARGET_FLAGS } from '../rendering/target-flags.ts';

export const RELEASES: Command = {
  name: 'releases',
  summary:
    'lists what runs where: the releases that each destination keeps, as the mode releases of deploy does',
  flags: {
    ...PLACE_FLAGS,
    ...TARGET_FLAGS,
    ...CLUSTER_FLAGS,
    namespace: {
      value: '<name>',
      help: 'of plain manifests, or of a destination that the files do not have any more',
    },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway releases --formation production',
    does: 'Lists the releases of each destination of production, the live one first, and who holds it.',
  },
  failsWhen: 'the releases of a destination are not known',
  load: async () => (await import('./releases.ts')).releasesCommand,
};
