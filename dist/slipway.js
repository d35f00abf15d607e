#!/usr/bin/env node
((async () => {
  // Made by `npm run bundle`. Runs the program slipway: docs/cli.md.
  const { startProgram } = await import('./start.mjs').catch(() => ({}));
  if (startProgram) return await startProgram(process);
  console.error('error: the bundle is incomplete: dist/start.mjs is missing, empty or cut short; ' +
    'install slipway again (bundle-incomplete)');
  process.exitCode = 2;
})());
