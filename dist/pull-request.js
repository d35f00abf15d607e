((async () => {
  // Made by `npm run bundle`. Runs actions/pull-request.
  const node = process.versions.node;
  const fail = async (code, text) => {
    console.log(`::error title=Slipway%3A ${code}::${text} (${code})`);
    const outputs = process.env.GITHUB_OUTPUT;
    if (outputs) (await import('fs')).appendFileSync(outputs, `error=${code}\n`);
    process.exitCode = 1;
  };
  if (parseInt(node, 10) < 24) return await fail('node-too-old', `Slipway needs Node 24 or newer, and this is ${node}; start it with a newer one`);
  const { start } = await import('./start.mjs').catch(() => ({}));
  if (start) return await start('pull-request', process.env);
  await fail('bundle-incomplete', 'the bundle is incomplete: dist/start.mjs is missing, empty or cut short; ' +
    "delete the runner's copy of the action and run the job again");
})());
