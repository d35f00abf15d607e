import type { Command } from '../command-line/command.ts';
import { JSON_FLAG } from '../rendering/target-flags.ts';

export const INIT: Command = {
  name: 'init',
  summary: 'looks at a repository and writes what is missing: slipway.yaml, formations, workflows',
  flags: {
    yes: { help: 'asks nothing, and takes the likely answers' },
    'dry-run': { help: 'writes nothing, and shows all files' },
    answer: {
      value: '<question=answer>',
      isList: true,
      help: 'answers a question, such as registry=ghcr.io/acme/shop; without a terminal and --yes, init lists them',
    },
    'apply-fixes': {
      help: 'also edits the manifests, so that images and scripts are written as in stencils, after showing it',
    },
    'without-workflows': { help: 'writes no workflows' },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway init --dry-run',
    does: 'Shows the files that init would write, which lines are guesses, and what would have to change.',
  },
  failsWhen: 'there are questions and no one to ask, so that nothing was written',
  load: async () => (await import('../init/init.ts')).initCommand,
};
