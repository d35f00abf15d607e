((async () => {
  // Made by `npm run bundle`. Runs the root action.
  const { start } = await import('./start.mjs').catch(() => ({}));
  if (start) return await start('pipeline', process.env);
  const code = 'bundle-incomplete';
  console.log(`::error title=Slipway%3A ${code}::the bundle is incomplete: dist/start.mjs is missing, empty or cut short; ` +
    `delete the runner's copy of the action and run the job again (${code})`);
  const outputs = process.env.GITHUB_OUTPUT;
  if (outputs) (await import('node:fs')).appendFileSync(outputs, `error=${code}\n`);
  process.exitCode = 1;
})());
