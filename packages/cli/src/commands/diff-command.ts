import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, RENDER_FLAGS } from '../rendering/target-flags.ts';

export const DIFF: Command = {
  name: 'diff',
  summary: 'says what the working tree changes in every destination beside a commit, without a cluster',
  operands: { name: '<manifests>', least: 0, most: Number.POSITIVE_INFINITY },
  flags: {
    ...RENDER_FLAGS,
    base: { value: '<revision>', help: 'the commit to compare with; by default HEAD' },
    namespace: { value: '<name>', help: 'of plain manifests that name none; by default default' },
    ignore: {
      value: '<path>',
      isList: true,
      help: 'fields to leave out, such as spec.template.metadata.annotations["checksum/config"]',
    },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway diff --base origin/main',
    does: 'Says what a pull request to main changes, as its comment does.',
  },
  failsWhen: 'a destination could not be compared; what differs is not a failure',
  load: async () => (await import('./diff.ts')).diffCommand,
};
