// Made by `npm run bundle`. Runs actions/render-stencil.
const { start } = await import('./start.js').catch(error => {
  if (error.code === 'ERR_MODULE_NOT_FOUND') return {};
  throw error;
});
if (start) await start('render-stencil', process.env);
else {
  console.log('::error title=Slipway%3A bundle-incomplete::the bundle is incomplete: dist/start.js is missing or empty; ' +
    "delete the runner's copy of the action and run the job again (bundle-incomplete)");
  process.exitCode = 1;
}
