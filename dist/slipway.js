#!/usr/bin/env node
((async () => {
  // Made by `npm run bundle`. Runs the program slipway: docs/cli.md.
  const node = process.versions.node;
  const fail = text => {
    console.error('error: ' + text);
    process.exitCode = 2;
  };
  if (parseInt(node, 10) < 24) return fail(`Slipway needs Node 24 or newer, and this is ${node}; install a newer one (node-too-old)`);
  const { startProgram } = await import('./start.mjs').catch(() => ({}));
  if (startProgram) return await startProgram(process);
  fail('the bundle is incomplete: dist/start.mjs is missing, empty or cut short; install slipway again (bundle-incomplete)');
})());
