import type { Command } from '../command-line/command.ts';
import { JSON_FLAG, RENDER_FLAGS } from '../rendering/target-flags.ts';

export const RENDER: Command = {
  name: 'render',
  summary: 'renders stencils for every destination, as render-stencil does, and says the digests',
  flags: {
    ...RENDER_FLAGS,
    output: { value: '<folder>', help: 'keeps the manifests here; without it, nothing is kept' },
    ...JSON_FLAG,
  },
  example: {
    line: 'slipway render --formation staging --output rendered',
    does: 'Writes rendered/staging/<destination>/manifests/, with secrets left sealed.',
  },
  failsWhen: 'never, as what does not render is exit code 2',
  load: async () => (await import('./render.ts')).renderCommand,
};
