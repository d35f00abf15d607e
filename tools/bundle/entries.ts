import type { Files } from './library.ts';
import { minifyBundle } from './minify.ts';

/** The folder of the library inside dist/. */
export const LIBRARY = 'library';

/**
 * dist/start.js, with the list of the files that it looks for.
 *
 * @param source the compiled actions/pipeline/src/start.ts
 */
export async function startFile(source: string, library: Files): Promise<string> {
  const list = JSON.stringify([...library.keys()].map(file => `${LIBRARY}/${file}`));
  return await minifyBundle(`const LIBRARY_FILES = ${list};\n${source}`);
}

/**
 * The file that an action.yml names. It is the only one that is not minified, since people open it first.
 *
 * @param action the folder of the action, or `slipway`
 */
export function entryFile(action: string): string {
  return `// Made by \`npm run bundle\`. Runs ${action === 'slipway' ? 'the root action' : `actions/${action}`}.
const { start } = await import('./start.js').catch(error => {
  if (error.code === 'ERR_MODULE_NOT_FOUND') return {};
  throw error;
});
if (start) await start('${action}', process.env);
else {
  console.log('::error title=Slipway%3A bundle-incomplete::the bundle is incomplete: dist/start.js is missing or empty; ' +
    "delete the runner's copy of the action and run the job again (bundle-incomplete)");
  process.exitCode = 1;
}
`;
}
