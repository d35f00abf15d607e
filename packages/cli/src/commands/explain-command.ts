import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, RENDER_FLAGS } from '../rendering/target-flags.ts';

export const EXPLAIN: Command = {
  name: 'explain',
  summary: 'says what a line of a stencil, patch or config decides, or what decided a line of the result',
  operands: { name: '<file:line>', least: 1, most: 1 },
  flags: { ...RENDER_FLAGS, ...JSON_FLAG },
  example: {
    line: 'slipway explain config/shop.yaml:12',
    does: 'Says which fields of which objects have the value of that line, and in which destinations.',
  },
  failsWhen: 'nothing that is rendered comes from the line',
  load: async () => (await import('./explain.ts')).explainCommand,
};
