import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, RENDER_FLAGS } from '../rendering/target-flags.ts';
import { BASE_FLAG, RULE_FLAGS } from '../rules/rule-flags.ts';

export const CHECK: Command = {
  name: 'check',
  summary: 'renders and checks every destination, or plain manifests, as policy-check does',
  operands: { name: '<manifests>', least: 0, most: Number.POSITIVE_INFINITY },
  flags: {
    ...RENDER_FLAGS,
    base: BASE_FLAG,
    ...RULE_FLAGS,
    'fail-on': { value: '<severity>', help: 'error or warning; by default error' },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway check --base origin/main',
    does: 'Says what a pull request to main would be told, at the lines of stencils and config.',
  },
  failsWhen: 'the check fails, as the action would',
  load: async () => (await import('./check.ts')).checkCommand,
};
