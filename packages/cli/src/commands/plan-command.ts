import { CLUSTER_FLAGS } from '../cluster/cluster-flags.ts';
import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, RENDER_FLAGS } from '../rendering/target-flags.ts';

export const PLAN: Command = {
  name: 'plan',
  summary:
    'says what a release would change in the cluster, which is only read, as the mode plan of deploy does',
  operands: { name: '<manifests>', least: 0, most: Number.POSITIVE_INFINITY },
  flags: {
    ...RENDER_FLAGS,
    ...CLUSTER_FLAGS,
    'without-cluster': { help: 'compares with the newest release that the registry knows' },
    namespace: { value: '<name>', help: 'of plain manifests; by default default' },
    adopt: { help: 'as a release that takes over objects which another owner has' },
    prune: { value: '<when>', help: 'after-success, now or off, as for deploy; by default after-success' },
    'force-conflicts': { help: 'as a release that takes over fields which another manager owns' },
    'allow-older': { help: 'as a release that may be of a snapshot older than the live one' },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway plan --formation staging --snapshot snapshot.json',
    does: 'Says what deploying the working tree with these images would change at staging.',
  },
  failsWhen: 'the release would be refused, or what it changes is not known',
  load: async () => (await import('./plan.ts')).planCommand,
};
